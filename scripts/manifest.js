// Writes oclif.manifest.json, so that oclif knows the commands without importing them. `oclif manifest` does the same, but
// depends on hundreds of packages.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'oclif.manifest.json');

const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
await plugin.load();
await rm(file, { force: true });
await writeFile(file, `${JSON.stringify(plugin.manifest)}\n`);
