import path from 'node:path';
import { readRegularFileSync } from '../files/read-regular.js';
import { check, z } from '../values/check.js';
import { packageRoot } from '../package.js';

/** What a network does: find text (det), read it (rec) or tell its angle (cls). */
export type Role = 'det' | 'rec' | 'cls';
/** The files of a set: networks, and the characters of its recognizer. */
export type SetFile = Role | 'dict';

export type ModelSet = z.output<typeof modelSet>;
export type ModelSource = z.output<typeof modelSource>;
export type SourceOf<K extends ModelSource['kind']> = Extract<ModelSource, { kind: K }>;

/** All model sets that ocrhub knows by name, from models/manifest.json. */
export function modelSets(): ReadonlyMap<string, ModelSet> {
  known ??= new Map(Object.entries(readManifest()));
  return known;
}

/** The sources of a file of a set; empty when the set has no such file. */
export function sourcesOf(set: ModelSet, setFile: SetFile): readonly ModelSource[] {
  return set.files[setFile]?.sources ?? [];
}

export function filesOf(set: ModelSet): SetFile[] {
  return setFiles.filter((setFile) => set.files[setFile] !== undefined);
}

/** The folder of the embedded models and the manifest. */
export const embeddedFolder = path.join(packageRoot, 'models');

let known: ReadonlyMap<string, ModelSet> | undefined;

const setFiles = ['det', 'rec', 'cls', 'dict'] as const satisfies readonly SetFile[];

/** The sources of a file hold the same network in different containers, so each has its own size and hash. */
const facts = {
  from: z.string().optional().describe('where the file was taken from'),
  size: z.int().positive().optional().describe('bytes, if known'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{12,64}$/)
    .optional()
    .describe('the SHA-256, or as many of its first digits as are known'),
};
const allFacts = { ...facts, size: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) };

const modelSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('embedded'), path: z.string(), ...allFacts }),
  z.strictObject({
    kind: z.literal('npm'),
    package: z.string(),
    version: z.string(),
    entry: z.string().describe('a specifier the package exports, beside which its files lie'),
    path: z.string(),
    ...allFacts,
  }),
  z.strictObject({
    kind: z.literal('official'),
    url: z.url({ protocol: /^https$/ }),
    verified: z.boolean().describe('whether address, size and hash were seen to be right'),
    ...facts,
  }),
  z.strictObject({ kind: z.literal('elsewhere'), path: z.string().describe('its usual name'), ...allFacts }),
]);

const modelFile = z.strictObject({ sources: z.array(modelSource).min(1) });

const modelSet = z.strictObject({
  summary: z.string(),
  license: z.string().describe('SPDX identifier'),
  int8: z.string().optional().describe('the set that holds the same networks in 8-bit integers'),
  files: z.strictObject({
    det: modelFile.optional(),
    rec: modelFile.optional(),
    cls: modelFile.optional(),
    dict: modelFile.optional(),
  }),
});

function readManifest(): Record<string, ModelSet> {
  const text = readRegularFileSync(path.join(embeddedFolder, 'manifest.json'));
  return check(z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), modelSet), JSON.parse(text), 'models/manifest.json');
}
