import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { modelSets, sourcesOf, type Role } from '../../src/runtime/models/manifest.js';
import { packageRoot } from '../../src/runtime/package.js';
import type { Quad } from '../../src/runtime/geometry/point.js';

/** The result of each stage of the original PaddleOCR for one picture. */
export interface Golden {
  readonly image: string;
  readonly decoded: {
    readonly width: number;
    readonly height: number;
    readonly meanBGR: readonly number[];
    readonly pixelsSha256: string;
  } | null;
  readonly det: {
    readonly resized: readonly [height: number, width: number];
    readonly tensorMean: number;
    readonly tensorStd: number;
    readonly tensorChannelMean: readonly number[];
    readonly probMapMean: number;
    readonly probMapMax: number;
    readonly maskPixels: number;
    readonly raw: readonly { readonly box: Quad; readonly score: number }[];
    readonly boxes: readonly Quad[];
  };
  readonly crops: readonly { readonly w: number; readonly h: number; readonly meanBGR: readonly number[] }[];
  readonly cls: readonly { readonly angle: string; readonly confidence: number }[];
  readonly rec: readonly { readonly text: string; readonly confidence: number }[];
  readonly recBatches: readonly (readonly number[])[];
  readonly system: readonly { readonly text: string; readonly confidence: number; readonly text_region: Quad }[];
}

/** Folders of goldens, relative to the repository: two in the repository, and the development sets beside it. */
const folders = [
  'test/fixtures/goldens/v4',
  'test/fixtures/goldens/v6',
  '../shared/reference/goldens',
  '../shared/reference/goldens-v6',
];

export interface GoldenSet {
  readonly folder: string;
  readonly names: readonly string[];
  /** The reason why the set cannot be tested on this machine; undefined if it can. */
  readonly skip: string | undefined;
}

export function goldenSets(): GoldenSet[] {
  return folders.map((folder) => {
    const location = path.join(packageRoot, folder);
    if (!existsSync(location)) return { folder, names: [], skip: `the folder ${folder} is not on this machine` };
    const names = readdirSync(location)
      .filter((name) => name.endsWith('.json') && name !== 'versions.json')
      .map((name) => name.slice(0, -'.json'.length));
    return { folder, names, skip: names.length === 0 ? `the folder ${folder} holds no recordings` : undefined };
  });
}

export function readGolden(folder: string, name: string): Golden {
  return JSON.parse(readFileSync(path.join(packageRoot, folder, `${name}.json`), 'utf8')) as Golden;
}

/** The picture is beside its recording, in the folder of another recording, or in test/fixtures. */
export function readPicture(folder: string, name: string): Buffer {
  const places = [folder, folder.replace(/-v6$/, ''), path.join(folder, '..', '..')];
  const place = places.map((each) => path.join(packageRoot, each, name)).find((file) => existsSync(file));
  if (place === undefined) throw new Error(`no picture ${name} in ${places.join(' or ')}`);
  return readFileSync(place);
}

/** The model sets that contain the models of the recording, found by SHA-256. */
export function modelsOf(folder: string): Record<Role, string> {
  const { models } = JSON.parse(readFileSync(path.join(packageRoot, folder, 'versions.json'), 'utf8')) as {
    models: Record<Role, { sha256: string }>;
  };
  const setWith = (role: Role): string => {
    const found = [...modelSets()].find(([, set]) =>
      sourcesOf(set, role).some(({ sha256 }) => sha256 === models[role].sha256),
    );
    if (found === undefined) throw new Error(`no known set has the ${role} model of ${folder}`);
    return found[0];
  };
  return { det: setWith('det'), rec: setWith('rec'), cls: setWith('cls') };
}
