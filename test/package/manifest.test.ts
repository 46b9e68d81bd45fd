import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string };
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Manifest;

it('package.json names one repository everywhere', () => {
  const home = 'https://github.com/ocrhub/ocrhub';
  expect([manifest.repository.url, manifest.homepage, manifest.bugs.url]).toEqual([
    `git+${home}.git`,
    `${home}#readme`,
    `${home}/issues`,
  ]);
});

it('packing builds dist/ and the manifest of the commands first', () => {
  expect(manifest.scripts['prepack']).toBe('npm run --silent build');
  expect(manifest.scripts['build']).toContain('node scripts/manifest.js');
  expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'oclif.manifest.json']));
});

it('every file and folder that package.json publishes exists', () => {
  const missing = manifest.files.filter((name) => !name.startsWith('!') && !existsSync(path.join(root, name)));
  expect(missing).toEqual([]);
});

it('package.json and package-lock.json have the same name and version', () => {
  expect([lock.name, lock.version]).toEqual([manifest.name, manifest.version]);
});

it('CHANGELOG.md has a section for the version, or for what is not released yet', () => {
  const changelog = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  expect(changelog).toMatch(new RegExp(`^## \\[(Unreleased|${manifest.version.replaceAll('.', '\\.')})\\]`, 'm'));
});
