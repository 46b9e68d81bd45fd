import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';
import { commandsPage, type Manifest } from './commands-page.js';

const file = path.join(root, 'docs', 'commands.md');
const begin = '<!-- commands begin: written by `npm run docs` -->';
const end = '<!-- commands end -->';

it('docs/commands.md says what oclif.manifest.json says; if not, run: npm run docs', async () => {
  const page = await readFile(file, 'utf8');
  const manifest = JSON.parse(await readFile(path.join(root, 'oclif.manifest.json'), 'utf8')) as Manifest;
  expect([page.split(begin).length, page.split(end).length]).toEqual([2, 2]);
  const [before = '', rest = ''] = page.split(begin);
  const [, after = ''] = rest.split(end);
  const text = `${before}${begin}\n\n${commandsPage(manifest)}\n\n${end}${after}`;
  const options = JSON.parse(await readFile(path.join(root, '.prettierrc.json'), 'utf8')) as object;
  await expect(await format(text, { ...options, parser: 'markdown' })).toMatchFileSnapshot(file);
});

it('docs/commands.md has a section for each file of src/commands', async () => {
  const page = await readFile(file, 'utf8');
  const sections = [...page.matchAll(/^### ([a-z ]+)$/gm)].map(([, name]) => name);
  const commands = (await readdir(path.join(root, 'src', 'commands'), { recursive: true }))
    .filter((name) => name.endsWith('.ts') && !path.basename(name).startsWith('_'))
    .map((name) => name.replace(/\.ts$/, '').split(path.sep).join(' '));
  expect(sections.sort()).toEqual(commands.sort());
});
