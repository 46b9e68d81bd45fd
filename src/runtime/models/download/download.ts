import { open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../../errors/error.js';
import { check, z } from '../../values/check.js';
import type { Home } from '../../config/home.js';
import { defaultFetchLimits, fetchFile, type FetchLimits } from './fetch-file.js';
import { copyGiven, findGiven } from './local-source.js';
import { fileNames, howToGet, locateFile, setFolder } from '../locate.js';
import {
  filesOf,
  modelSets,
  sourcesOf,
  type ModelSet,
  type ModelSource,
  type SetFile,
  type SourceOf,
} from '../manifest.js';
import { removePartials, type PartialFile } from './partial-file.js';
import { noteFirstChecksum, readChecksumNote, writeChecksumNote } from '../checksum-note.js';
import { openTransport, type Transport } from './transport.js';
import { requireDictionary } from '../dictionary.js';
import { requireWholeOnnx } from '../external-data.js';
import { sha256Of } from '../verify.js';

export interface DownloadOptions {
  /** Replaces scheme and host of the official URL. */
  readonly mirror?: string | undefined;
  /** Files or folders to copy the models from, instead of a download. */
  readonly from?: readonly string[] | undefined;
  readonly limits?: Partial<FetchLimits>;
  readonly onBytes?: (file: string, received: number, total: number | undefined) => void;
}

export interface DownloadResult {
  readonly name: string;
  /** The folder of the set. */
  readonly path: string;
  readonly files: readonly DownloadedFile[];
}

interface DownloadedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** No hash was known; the hash of the first download counts from now on. */
  readonly pinned: boolean;
  /** False if the file was already there. */
  readonly fetched: boolean;
}

/**
 * Fetches the models of a set. Each file is checked and then renamed to its final name; intact files are kept. Several
 * processes may do so at once.
 *
 * @throws OcrHubError `model_set_unknown`, `model_missing`, `model_corrupt`, `download_failed`
 */
export async function downloadSet(home: Home, name: string, options: DownloadOptions = {}): Promise<DownloadResult> {
  const set = modelSets().get(name);
  if (set === undefined) throw new OcrHubError('model_set_unknown', { name, known: [...modelSets().keys()] });
  const mirror = options.mirror === undefined ? undefined : check(mirrorUrl, options.mirror, '--mirror');
  const transport = await openTransport();
  try {
    const files: DownloadedFile[] = [];
    for (const setFile of filesOf(set)) {
      files.push(
        (await present(home, name, set, setFile)) ??
          (await new FileDownload(home, name, set, setFile).run(transport, { ...options, mirror })),
      );
    }
    return { name, path: path.dirname(files[0]?.file ?? setFolder(home, name)), files };
  } finally {
    await transport.close();
  }
}

const mirrorUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });

/** The existing file; undefined if there is none, or if a downloaded one is damaged and has to be fetched again. */
async function present(home: Home, name: string, set: ModelSet, setFile: SetFile): Promise<DownloadedFile | undefined> {
  const located = locateFile(home, name, set, setFile);
  if (located === undefined) return undefined;
  const { place, file, sha256: expected } = located;
  const sha256 = await sha256Of(file);
  const sources = sourcesOf(set, setFile);
  if (expected === undefined ? isAcceptable(sha256, sources) : sha256 === expected)
    return describe(file, sha256, sources, false);
  if (place === 'downloaded') return undefined;
  throw new OcrHubError('model_corrupt', { path: file, expected: expected ?? shownHashes(sources), actual: sha256 });
}

/** Brings one file into the folder of the set, by a download or a copy. */
class FileDownload {
  readonly #folder: string;
  readonly #name: string;
  readonly #set: ModelSet;
  readonly #setFile: SetFile;
  readonly #sources: readonly ModelSource[];

  constructor(home: Home, name: string, set: ModelSet, setFile: SetFile) {
    this.#folder = setFolder(home, name);
    this.#name = name;
    this.#set = set;
    this.#setFile = setFile;
    this.#sources = sourcesOf(set, setFile);
  }

  run(transport: Transport, options: DownloadOptions): Promise<DownloadedFile> {
    return options.from === undefined ? this.#download(transport, options) : this.#take(options.from);
  }

  async #download(transport: Transport, { mirror, limits, onBytes }: DownloadOptions): Promise<DownloadedFile> {
    const source = this.#sources.find((each): each is SourceOf<'official'> => each.kind === 'official');
    if (source === undefined) throw this.#missing(howToGet(this.#name, this.#set));
    const url = mirrored(source.url, mirror);
    const target = this.#target(source.url);
    const partial = await fetchFile(transport, {
      url,
      target,
      size: source.size,
      limits: { ...defaultFetchLimits, ...limits },
      onBytes: (received, total) => onBytes?.(target, received, total),
    });
    return this.#settle(partial, target, [source], (problem) => {
      return new OcrHubError('download_failed', { url, problem, resumable: false });
    });
  }

  async #take(from: readonly string[]): Promise<DownloadedFile> {
    const { file, wanted } = await findGiven(from, this.#setFile, this.#set);
    if (file === undefined) throw this.#missing(`--from names a folder with it, or the file: ${wanted.join(', ')}`);
    const target = this.#target(file);
    const partial = await copyGiven(file, target);
    return this.#settle(partial, target, this.#sources, (problem, hashes) =>
      hashes === undefined
        ? new OcrHubError('model_mismatch', { path: file, problem })
        : new OcrHubError('model_corrupt', { path: file, ...hashes }),
    );
  }

  /** Checks the partial file and renames it to the final name. */
  async #settle(
    partial: PartialFile,
    target: string,
    sources: readonly ModelSource[],
    refusal: (problem: string, hashes?: { readonly actual: string; readonly expected: string }) => OcrHubError,
  ): Promise<DownloadedFile> {
    const actual = await sha256Of(partial.file);
    const refuse = async (expected: string): Promise<never> => {
      await partial.discard();
      throw refusal(`its SHA-256 is ${actual}, expected ${expected}`, { actual, expected });
    };
    if (!isAcceptable(actual, sources)) await refuse(shownHashes(sources));
    if (!isKnown(actual, sources)) {
      await this.#requireForm(partial.file, target).catch(async (error: unknown) => {
        await partial.discard();
        throw refusal(wordsOf(error));
      });
    }
    if (isKnown(actual, sources)) await writeChecksumNote(target, actual);
    else {
      const pinned = await noteFirstChecksum(target, actual);
      if (pinned !== actual) await refuse(`${pinned} (noted in ${path.basename(target)}.sha256 when it first came)`);
    }
    await rename(partial.file, target);
    await syncFolder(this.#folder);
    await removePartials(target);
    return describe(target, readChecksumNote(target) ?? actual, sources, true);
  }

  /** Without a known hash, at least the form must be right: what is noted now is believed from then on. */
  async #requireForm(file: string, target: string): Promise<void> {
    if (target.endsWith('.onnx')) await requireWholeOnnx(file);
    else await requireDictionary(file, target.endsWith('.yml'));
  }

  #target(like: string): string {
    const [text = '', settings = text] = fileNames(this.#setFile);
    return path.join(this.#folder, /\.ya?ml$/i.test(like) ? settings : text);
  }

  #missing(how: string): OcrHubError {
    return new OcrHubError('model_missing', { path: path.join(this.#folder, fileNames(this.#setFile)[0] ?? ''), how });
  }
}

function wordsOf(error: unknown): string {
  return OcrHubError.is(error) && error.code === 'model_mismatch'
    ? (error as OcrHubError<'model_mismatch'>).details.problem
    : (error as Error).message;
}

/** The URL of the mirror, its path included, followed by the official path. */
function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined) return url;
  return `${mirror.replace(/\/+$/, '')}${new URL(url).pathname}`;
}

function isAcceptable(sha256: string, sources: readonly ModelSource[]): boolean {
  return sources.some((source) => source.sha256 === undefined || sha256.startsWith(source.sha256));
}

function isKnown(sha256: string, sources: readonly ModelSource[]): boolean {
  return sources.some((source) => source.sha256 === sha256);
}

function shownHashes(sources: readonly ModelSource[]): string {
  return sources.flatMap(({ sha256 = [] }) => (typeof sha256 === 'string' ? shown(sha256) : [])).join(' or ');
}

function shown(sha256: string): string {
  return sha256.length === 64 ? sha256 : `${sha256}...`;
}

async function describe(
  file: string,
  sha256: string,
  sources: readonly ModelSource[],
  fetched: boolean,
): Promise<DownloadedFile> {
  return { file, bytes: (await stat(file)).size, sha256, pinned: !isKnown(sha256, sources), fetched };
}

/** Makes the rename durable. Some systems cannot open a folder; there it is left to the OS. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
