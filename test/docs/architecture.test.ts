import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

const page = await readFile(path.join(root, 'docs', 'architecture.md'), 'utf8');

function tableOf(section: string): string[] {
  const text = page.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
}

it('docs/architecture.md lists every folder and file of src/runtime as a room, and no other', async () => {
  const rooms = (await readdir(path.join(root, 'src', 'runtime'))).map((name) => name.replace(/\.ts$/, ''));
  expect(tableOf('Rooms').sort()).toEqual(rooms.sort());
});

it('docs/architecture.md lists every folder of the repository', async () => {
  const entries = await readdir(root, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => `${name}/`)
    .filter((name) => !['node_modules/', 'dist/', 'demo/', 'coverage/', 'src/'].includes(name));
  expect(tableOf('The rest of the tree')).toEqual(expect.arrayContaining(folders));
});
