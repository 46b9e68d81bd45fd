import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { root } from './helpers/cli.js';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

interface Manifest {
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

const read = (...names: string[]): unknown => JSON.parse(readFileSync(path.join(root, ...names), 'utf8'));

/** The packages that `npm ci --omit=dev` installs on this machine. */
const installed = Object.entries((read('package-lock.json') as Lock).packages)
  .filter(([folder, { dev }]) => folder !== '' && dev !== true)
  .map(([folder]) => folder)
  .filter((folder) => existsSync(path.join(root, folder, 'package.json')));

const oldest = semver.minVersion((read('package.json') as Manifest).engines?.node ?? '')?.version ?? '';

it('package.json allows Node 20.19 and later', () => {
  expect(oldest).toBe('20.19.0');
});

describe('every production dependency', () => {
  it('is among the packages that this test checks', () => {
    const direct = Object.keys((read('package.json') as { dependencies: object }).dependencies);
    for (const name of direct) expect(installed).toContain(`node_modules/${name}`);
  });

  it.each(['20.19.0', '22.12.0', '24.0.0'])('allows Node %s', (node) => {
    const refusing = installed.flatMap((folder) => {
      const { version, engines } = read(folder, 'package.json') as Manifest;
      const range = engines?.node ?? '*';
      return semver.satisfies(node, range) ? [] : [`${folder} ${version} asks for ${range}`];
    });
    expect(refusing).toEqual([]);
  });
});
