import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable, type ErrorCode, type ErrorRow } from '../src/runtime/errors/error.js';
import { root } from './helpers/cli.js';

const readme = await readFile(path.join(root, 'README.md'), 'utf8');

describe('README', () => {
  it('lists every error with its exit code, and with HTTP status and status where a request can meet it, and no other', () => {
    const listed = [...readme.matchAll(/^\| `([a-z0-9_]+)` +\| (\d) +\| (\d+|–) +\| ("\d+"|–) +\|$/gm)].map((row) =>
      row.slice(1),
    );
    const inCode = (Object.keys(errorTable) as ErrorCode[]).map((code) => {
      const { exit, http, status = '101' }: ErrorRow<never> = errorTable[code];
      return [code, String(exit), ...(http === undefined ? ['–', '–'] : [String(http), `"${status}"`])];
    });
    expect(listed).toEqual(inCode);
  });

  it('lists every folder of src', async () => {
    const runtime = (await readdir(path.join(root, 'src', 'runtime'), { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of runtime) expect(readme).toMatch(new RegExp(`\`(src/runtime/)?${name}/\``));
  });

  it('links to files that are there', async () => {
    const docs = (await readdir(path.join(root, 'docs')))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join('docs', name));
    for (const document of ['README.md', 'CONTRIBUTING.md', ...docs]) {
      const text = await readFile(path.join(root, document), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) =>
        path.join(root, path.dirname(document), link),
      );
      for (const link of links) await expect(readFile(link), `${document} links to ${link}`).resolves.toBeDefined();
    }
  });

  it('names every command', async () => {
    const files = await readdir(path.join(root, 'src', 'commands'), { recursive: true });
    const commands = files
      .filter((file) => file.endsWith('.ts') && !path.basename(file).startsWith('_'))
      .map((file) => file.replace(/\.ts$/, '').split(path.sep).join(' '));
    const section = /^## Commands$(.*?)^## /ms.exec(readme)?.[1] ?? '';
    // A row begins with the command, its arguments follow: `run <name or folder> <picture>...`
    const rows = [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
    for (const command of commands)
      expect(
        rows.some((row) => row === command || row.startsWith(`${command} `)),
        command,
      ).toBe(true);
  });
});
