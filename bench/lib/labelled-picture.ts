import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Point } from '../../src/runtime/geometry/point.js';

/** A text of a picture as a person reads it. */
export interface Label {
  readonly text: string;
  /** Whether nobody can read it, or it is cut: what is read there does not count. */
  readonly ignore?: boolean;
  /** Pixels of the picture. */
  readonly poly?: readonly Point[];
}

export interface LabelledPicture {
  /** The name of the file without its extension. */
  readonly name: string;
  readonly file: string;
  readonly labels: readonly Label[];
}

/**
 * The pictures of a folder, in the order of their names. Each has a NAME.json `{lines: [{text, ignore?, poly?}]}` or a NAME.csv
 * beside it (a line `x1,y1,x2,y2,x3,y3,x4,y4,TEXT`; TEXT may hold commas).
 *
 * @throws Error with the file that is missing
 */
export function labelledPictures(folder: string): LabelledPicture[] {
  const files = readdirSync(folder).filter((file) => /\.(png|jpe?g|webp)$/.test(file));
  return files.sort().map((file) => {
    const { name } = path.parse(file);
    return { name, file: path.join(folder, file), labels: labelsIn(path.join(folder, name)) };
  });
}

/** The folders below `root` that hold pictures, by their names. */
export function foldersOfPictures(root: string): Map<string, string> {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(folders.map(({ name }) => [name, path.join(root, name)]));
}

function labelsIn(stem: string): Label[] {
  if (existsSync(`${stem}.json`)) return (JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as { lines: Label[] }).lines;
  if (existsSync(`${stem}.csv`)) return cornersAndText(readFileSync(`${stem}.csv`, 'utf8'));
  throw new Error(`${stem}.json is missing: the labels of the picture.`);
}

/** The form of labels of ICDAR's contests: eight numbers and a text in a line. `###` is what nobody can read. */
export function cornersAndText(rows: string): Label[] {
  const lines = rows.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const fields = line.split(',');
      const at = fields.slice(0, 8).map(Number);
      const text = fields.slice(8).join(',');
      const poly = [0, 2, 4, 6].map((i): Point => [at[i] ?? 0, at[i + 1] ?? 0]);
      return text === '###' ? { text: '', ignore: true, poly } : { text, poly };
    });
}

/** Whether the center of a region lies in the bounds of a label that does not count. */
export function isIgnored(region: readonly Point[], labels: readonly Label[]): boolean {
  const middle = (axis: 0 | 1): number => region.reduce((sum, point) => sum + point[axis], 0) / region.length;
  const [x, y] = [middle(0), middle(1)];
  return labels.some(({ ignore, poly = [] }) => {
    if (ignore !== true) return false;
    const [xs, ys] = [poly.map(([px]) => px), poly.map(([, py]) => py)];
    return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
  });
}
