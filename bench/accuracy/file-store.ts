import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/ocrhub.js';
import type { FileOfSet, PublicSet } from './manifest.js';

/**
 * The files of public sets, each known by its SHA-256: from a folder of checkouts, or from the network. What the network gave is
 * kept in bench/out/accuracy/files.
 */
export class FileStore {
  readonly #folder: string | undefined;

  /** @param folder OWNER/NAME of GitHub's repositories, and debian/ with files of packages; undefined for the network */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** @throws Error with the place of the file that is missing or has another sum */
  async repositoryFile({ name, origin }: PublicSet, { path: file, sha256 }: FileOfSet): Promise<Buffer> {
    if (origin.kind !== 'github') throw new Error(`The set ${name} has no repository.`);
    const address = [origin.repository, origin.commit, ...file.split('/').map(encodeURIComponent)].join('/');
    return this.#bytes(path.join(origin.repository, file), `https://raw.githubusercontent.com/${address}`, sha256);
  }

  /** The place of a package of Debian. Throws as `repositoryFile`. */
  async debianPackage({ name, origin }: PublicSet, packageName: string): Promise<string> {
    const listed = origin.kind === 'debian' ? origin.packages[packageName] : undefined;
    if (listed === undefined) throw new Error(`The set ${name} has no package ${packageName}.`);
    const { file, sha256 } = listed;
    const bytes = await this.#bytes(
      path.join('debian', path.basename(file)),
      `https://deb.debian.org/debian/${file}`,
      sha256,
    );
    return keep(bytes, sha256);
  }

  async #bytes(place: string, address: string, sha256: string): Promise<Buffer> {
    const kept = keptFile(sha256);
    if (existsSync(kept)) return readFileSync(kept);
    if (this.#folder !== undefined) {
      const file = path.join(this.#folder, place);
      if (!existsSync(file)) throw new Error(`${file} is missing. Without --sets it is fetched from ${address}`);
      return checked(readFileSync(file), sha256, file);
    }
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
    const bytes = checked(Buffer.from(await response.arrayBuffer()), sha256, address);
    keep(bytes, sha256);
    return bytes;
  }
}

const kept = path.join(root, 'bench', 'out', 'accuracy', 'files');

function keptFile(sha256: string): string {
  return path.join(kept, sha256);
}

function keep(bytes: Buffer, sha256: string): string {
  const file = keptFile(sha256);
  if (existsSync(file)) return file;
  mkdirSync(kept, { recursive: true });
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
  return file;
}

function checked(bytes: Buffer, expected: string, place: string): Buffer {
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== expected) throw new Error(`${place} has the SHA-256 ${sum} instead of ${expected}`);
  return bytes;
}
