import { randomUUID } from 'node:crypto';
import { link, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { readRegularFile } from '../../files/read-regular.js';
import { makeFolder } from '../../files/make-folder.js';
import { toFileError } from '../../files/to-file-error.js';
import { hasEnded, thisHolder, type Holder } from './holder.js';
import { leaseMs as defaultLeaseMs, type Lease, type Leases } from './leases.js';

/**
 * Leases as files. Creating a file takes a lease, writing to it renews the lease, and of several workers that rename the file
 * of an expired one, one succeeds.
 */
export class FolderLeases implements Leases {
  readonly #folder: string;
  readonly #requireRun: () => Promise<void>;
  readonly #leaseMs: number;

  /** @param requireRun rejects if the run is away; nothing is written then */
  constructor(folder: string, requireRun: () => Promise<void>, leaseMs = defaultLeaseMs) {
    this.#folder = folder;
    this.#requireRun = requireRun;
    this.#leaseMs = leaseMs;
  }

  async take(name: string): Promise<Lease | undefined> {
    const file = path.join(this.#folder, name);
    await this.#requireRun();
    await makeFolder(this.#folder);
    return (await FolderLease.create(file, 0)) ?? (await this.#takeOver(file));
  }

  async held(): Promise<ReadonlySet<string>> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw toFileError(this.#folder, error);
    });
    return new Set(names.filter((name) => !name.startsWith('.')));
  }

  async #takeOver(file: string): Promise<Lease | undefined> {
    try {
      const { ino, mtimeMs } = await stat(file);
      const { losses = 0, holder } = await contentOf(file);
      const isExpired = (await this.#now()) - mtimeMs >= this.#leaseMs;
      // A worker that was killed on this machine needs no waiting for.
      if (!isExpired && (holder === undefined || !(await hasEnded(holder)))) return undefined;
      const aside = path.join(this.#folder, `.expired-${randomUUID()}`);
      await rename(file, aside);
      const moved = await stat(aside);
      const isSame = moved.ino === ino && moved.mtimeMs === mtimeMs;
      // Another worker was faster, and this is its lease: it goes back.
      if (!isSame) await link(aside, file).catch(() => undefined);
      await rm(aside, { force: true });
      return isSame ? await FolderLease.create(file, losses + 1) : undefined;
    } catch (error) {
      // Released, or taken over, meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The time of the file system. On a share it is the server's. */
  async #now(): Promise<number> {
    const probe = path.join(this.#folder, `.clock-${randomUUID()}`);
    const handle = await open(probe, 'wx');
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
      await rm(probe, { force: true });
    }
  }
}

class FolderLease implements Lease {
  readonly losses: number;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #content: string;

  private constructor(file: string, handle: FileHandle, content: string, losses: number) {
    this.#file = file;
    this.#handle = handle;
    this.#content = content;
    this.losses = losses;
  }

  /** Undefined if the file exists. */
  static async create(file: string, losses: number): Promise<FolderLease | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    }
    try {
      const content = JSON.stringify({ losses, holder: await thisHolder() });
      const lease = new FolderLease(file, handle, content, losses);
      await lease.renew();
      return lease;
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
  }

  /** Writes through the open file: of a lease that was taken over, that is no longer the file with the name. */
  async renew(): Promise<boolean> {
    await this.#handle.write(this.#content, 0);
    return this.#isOurs();
  }

  /** Stays open until its name is gone: a release that failed is tried again, and an open file alone tells whose the name is. */
  async release(): Promise<void> {
    if (await this.#isOurs()) await rm(this.#file, { force: true });
    // Nobody reads the file any more.
    await this.#handle.close().catch(() => undefined);
  }

  async #isOurs(): Promise<boolean> {
    const [named, own] = await Promise.all([
      stat(this.#file).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }),
      this.#handle.stat(),
    ]);
    return named?.ino === own.ino && named.dev === own.dev;
  }
}

interface Content {
  readonly losses?: number;
  readonly holder?: Holder;
}

/** A worker that was killed while it took the lease may have left an empty file. */
async function contentOf(file: string): Promise<Content> {
  try {
    const content = JSON.parse(await readRegularFile(file)) as Content | null;
    return typeof content === 'object' && content !== null ? content : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
