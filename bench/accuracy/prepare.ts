import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Label } from '../lib/labelled-picture.js';
import { root } from '../lib/ocrhub.js';
import { Chromium } from './chromium.js';
import type { FileStore } from './file-store.js';
import { labelForms } from './label-forms.js';
import type { PublicSet, SetPicture } from './manifest.js';
import { pdfPage } from './pdf-pages.js';

/** Where the pictures of public sets are, each with its labels beside it. */
const preparedSets = path.join(root, 'bench', 'out', 'accuracy', 'sets');

/**
 * Brings a public set, once, and returns the folder of its pictures and labels.
 *
 * @throws Error with what is missing, or has another sum
 */
export async function prepare(set: PublicSet, files: FileStore): Promise<string> {
  const folder = path.join(preparedSets, set.name);
  const stamp = path.join(folder, 'prepared.txt');
  const wanted = createHash('sha256').update(JSON.stringify(set)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const browser = set.pictures.some((picture) => 'html' in picture) ? await Chromium.start() : undefined;
  try {
    for (const picture of set.pictures) {
      const { bytes, extension, labels } = await labelled(set, picture, files, browser);
      writeFileSync(path.join(folder, `${picture.name}${extension}`), bytes);
      writeFileSync(path.join(folder, `${picture.name}.json`), JSON.stringify({ lines: labels }));
    }
  } finally {
    await browser?.stop();
  }
  writeFileSync(stamp, wanted);
  return folder;
}

interface Prepared {
  readonly bytes: Uint8Array;
  readonly extension: string;
  readonly labels: readonly Label[];
}

async function labelled(
  set: PublicSet,
  picture: SetPicture,
  files: FileStore,
  browser: Chromium | undefined,
): Promise<Prepared> {
  if ('picture' in picture) {
    const bytes = await files.repositoryFile(set, picture.picture);
    const text = (await files.repositoryFile(set, picture.labels)).toString('utf8');
    const extension = path.extname(picture.picture.path);
    const labels = labelForms[picture.form](text, path.parse(picture.picture.path).name);
    return extension === '.pdf'
      ? { bytes: (await pdfPage(bytes, 1)).png, extension: '.png', labels }
      : { bytes, extension, labels };
  }
  const unpacked = unpack(await files.debianPackage(set, picture.package));
  if ('pdf' in picture) {
    const { png, labels } = await pdfPage(readFileSync(path.join(unpacked, picture.pdf)), picture.page);
    return { bytes: png, extension: '.png', labels };
  }
  if (browser === undefined) throw new Error('There is no browser.');
  const { png, labels } = await browser.show(path.join(unpacked, picture.html), picture.view);
  return { bytes: png, extension: '.png', labels };
}

/** Unpacks a package of Debian beside itself, once, and returns the folder. */
export function unpack(file: string): string {
  const folder = `${file}.unpacked`;
  if (existsSync(folder)) return folder;
  const { error, status, stderr } = spawnSync('dpkg-deb', ['--extract', file, `${folder}.part`], { encoding: 'utf8' });
  if (error !== undefined) throw new Error('dpkg-deb is not on the PATH: packages of Debian cannot be unpacked.');
  if (status !== 0) throw new Error(`dpkg-deb: ${stderr.trim()}`);
  renameSync(`${folder}.part`, folder);
  return folder;
}
