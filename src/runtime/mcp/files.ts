import { constants, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { parseHostPattern } from '../addresses/host-pattern.js';
import { readWhole } from '../files/read-regular.js';
import { decodeBase64 } from '../http/body/base64.js';
import { fetchRemoteFiles } from '../remote-files/fetch-remote-files.js';
import type { NamedFile } from './reader.js';

/** Which files a tool call may name. */
export interface FileRules {
  /** Folders outside of which no file is read; empty: all files are. */
  readonly roots: readonly string[];
  /** Patterns of the hosts from which files are fetched; empty: none is. */
  readonly allowUrls: readonly string[];
}

/** One of them is given. */
export interface FileSource {
  readonly path?: string | undefined;
  readonly base64?: string | undefined;
  readonly url?: string | undefined;
}

/** As of a request to a server. */
const maxBytes = 64 * 1024 ** 2;

/**
 * The file of a tool call.
 *
 * @throws OcrHubError `tool_file_refused`, `tool_file_missing`, `image_not_base64`, `urls_refused` and those of `fetchRemoteFiles`
 */
export async function fileOf(source: FileSource, rules: FileRules, signal: AbortSignal): Promise<NamedFile> {
  const given = Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const [first] = given;
  if (first === undefined || given.length > 1)
    throw new OcrHubError('tool_file_missing', { given: given.map(([name]) => name) });
  const [name, value] = first;
  if (name === 'path') return readPath(value, rules.roots);
  if (name === 'base64') return { name: '', bytes: decodeBase64(value, 'base64') };
  return fetchUrl(value, rules.allowUrls, signal);
}

/** Follows links before the folder is checked. */
async function readPath(file: string, roots: readonly string[]): Promise<NamedFile> {
  const refuse = (problem: string, cause?: unknown): OcrHubError =>
    new OcrHubError('tool_file_refused', { file, problem }, { cause });
  if (!path.isAbsolute(file)) throw refuse('expected an absolute path');
  try {
    const real = await realpath(file);
    const inRoots = roots.length === 0 || (await Promise.all(roots.map((root) => holds(root, real)))).includes(true);
    if (!inRoots) throw refuse(`it is outside of ${roots.join(', ')} (--root)`);
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw refuse(stat.isDirectory() ? 'it is a folder' : 'it is not a regular file');
      if (stat.size > maxBytes) throw refuse(`it has ${stat.size} bytes, more than the limit of ${maxBytes}`);
      return { name: path.basename(file), bytes: await readWhole(handle, maxBytes) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (OcrHubError.is(error)) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'there is no such file' : message, error);
  }
}

async function holds(root: string, file: string): Promise<boolean> {
  const relative = path.relative(await realpath(root), file);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

async function fetchUrl(url: string, allowUrls: readonly string[], signal: AbortSignal): Promise<NamedFile> {
  const hosts = allowUrls.map(parseHostPattern).filter((pattern) => pattern !== undefined);
  if (hosts.length === 0) throw new OcrHubError('urls_refused', {});
  const newSink = (): Chunks => new Chunks();
  const limit = { size: maxBytes, left: maxBytes };
  const [file] = await fetchRemoteFiles([url], { hosts, limit, newSink }, { timeoutMs: 20_000, stop: signal });
  if (file === undefined) throw new Error('nothing was fetched');
  return { name: file.name, bytes: Buffer.concat(file.sink.chunks) };
}

class Chunks {
  readonly chunks: Buffer[] = [];

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
  }
}
