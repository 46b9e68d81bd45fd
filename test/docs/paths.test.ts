import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownFiles } from '../../scripts/check-links.js';
import { root } from '../helpers/cli.js';

/** The changelog may name what is gone. */
const pages = markdownFiles().filter((file) => file !== 'CHANGELOG.md');

const folders = ['bench', 'bin', 'deploy', 'docs', 'examples', 'models', 'plugins', 'scripts', 'src', 'test', 'tools'];
const pathPattern = new RegExp(`(?<![\\w./<-])(?:${folders.join('|')})/[\\w./-]*\\w`, 'g');

/** Names of source files without a folder, as a decision mentions them: `pool.ts`. */
const filePattern = /(?<![\w./<-])[\w-]+\.ts(?![\w/])/g;

const sourceNames = new Set(
  folders
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }))
    .map((name) => path.basename(name)),
);

const scripts = Object.keys(
  (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);

function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/https?:\S+/g, '');
}

const pathsIn = (page: string): string[] => [...textOf(page).matchAll(pathPattern)].map(([name]) => name);

it('the pages name many paths of the repository', () => {
  expect(pages.flatMap(pathsIn).length).toBeGreaterThan(100);
});

describe.each(pages)('%s', (page) => {
  it(`${page} names only files and folders that exist`, () => {
    const bases = [root, path.join(root, path.dirname(page)), path.join(root, 'src', 'runtime')];
    // Benchmarks write to bench/out.
    const isThere = (name: string): boolean =>
      name.startsWith('bench/out') || bases.some((base) => existsSync(path.join(base, name)));
    expect(pathsIn(page).filter((name) => !isThere(name))).toEqual([]);
  });

  it(`${page} names only source files that exist`, () => {
    const names = [...textOf(page).matchAll(filePattern)].map(([name]) => name);
    expect(names.filter((name) => !sourceNames.has(name))).toEqual([]);
  });

  it(`${page} names only scripts of package.json that exist`, () => {
    const named = [...textOf(page).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
