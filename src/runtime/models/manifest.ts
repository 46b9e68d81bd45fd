import { readFileSync } from 'node:fs';
import path from 'node:path';
import { check, z } from '../schema.js';
import { packageRoot } from '../settings.js';

/** What a network does: find text, read it, tell its angle. */
export type Role = 'det' | 'rec' | 'cls';

export type ModelSet = z.output<typeof modelSet>;
export type ModelFile = z.output<typeof modelFile>;

/** Every set of models ocrhub knows by name, from models/manifest.json. */
export function modelSets(): ReadonlyMap<string, ModelSet> {
  known ??= new Map(Object.entries(readManifest()));
  return known;
}

/** Where the embedded models and the manifest lie. */
export const embeddedFolder = path.join(packageRoot, 'models');

let known: ReadonlyMap<string, ModelSet> | undefined;

const modelFile = z.strictObject({
  file: z.string().describe('path below the origin'),
  size: z.int().describe('bytes'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string().describe('where the file comes from'),
});

const modelSet = z.strictObject({
  summary: z.string(),
  licence: z.string().describe('SPDX identifier'),
  origin: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('embedded') }),
    z.strictObject({
      kind: z.literal('npm'),
      package: z.string(),
      version: z.string(),
      entry: z.string().describe('a specifier the package exports, beside which its files lie'),
    }),
  ]),
  files: z.strictObject({
    det: modelFile.optional(),
    rec: modelFile.optional(),
    cls: modelFile.optional(),
    dict: modelFile.optional(),
  }),
});

function readManifest(): Record<string, ModelSet> {
  const text = readFileSync(path.join(embeddedFolder, 'manifest.json'), 'utf8');
  return check(z.record(z.string(), modelSet), JSON.parse(text), 'models/manifest.json');
}
