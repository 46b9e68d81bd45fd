import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { lexer, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { localLinks } from '../../scripts/check-links.js';
import { root } from '../helpers/cli.js';

const english = await readFile(path.join(root, 'README.md'), 'utf8');
const chinese = await readFile(path.join(root, 'README.zh-CN.md'), 'utf8');

/** The kinds of the blocks of a page, with the level of a heading and the number of rows of a table. */
function outline(text: string): string[] {
  return lexer(text).flatMap((token: Token) => {
    if (token.type === 'heading') return [`heading ${String(token.depth)}`];
    if (token.type === 'table') return [`table of ${String((token as { rows: unknown[] }).rows.length)} rows`];
    return token.type === 'code' ? ['code'] : [];
  });
}

const codeBlocks = (text: string): string[] =>
  lexer(text).flatMap((token: Token) => (token.type === 'code' ? [token.raw.trim()] : []));

describe('README.zh-CN.md', () => {
  it('has the sections, tables and code blocks of README.md in the same order', () => {
    expect(outline(english).length).toBeGreaterThan(15);
    expect(outline(chinese)).toEqual(outline(english));
  });

  it('shows the same commands and code as README.md', () => {
    expect(codeBlocks(english).length).toBeGreaterThan(8);
    expect(codeBlocks(chinese)).toEqual(codeBlocks(english));
  });

  it('links to the same files as README.md, and each links to the other', () => {
    const files = (file: string): string[] =>
      localLinks(file).filter((link) => !link.startsWith('#') && !link.startsWith('README'));
    expect(files('README.zh-CN.md').sort()).toEqual(files('README.md').sort());
    expect(localLinks('README.md')).toContain('README.zh-CN.md');
    expect(localLinks('README.zh-CN.md')).toContain('README.md');
  });
});

it('README.md has 8 to 10 kB: the long tables belong into docs/', () => {
  expect(Buffer.byteLength(english)).toBeGreaterThan(8000);
  expect(Buffer.byteLength(english)).toBeLessThan(10_000);
});

it('README.md begins with a picture and keeps the two commands', () => {
  expect(localLinks('README.md')).toContain('docs/images/read-page.webp');
  expect(english).toContain('$ npm ci && npm run demo\n');
  expect(english).toContain('$ npm ci && npm test\n');
});
