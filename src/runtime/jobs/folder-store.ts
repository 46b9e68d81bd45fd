import { readdir, rename, rm, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { isAbandoned } from '../files/abandoned.js';
import { makeFolder } from '../files/make-folder.js';
import { ifMissing } from '../files/missing.js';
import { addFileIn, filesIn, isFolder, makeFolderOf, readFileIn, writeFileIn, writeNewFile } from './item-folder.js';
import { isItemName, isPartName, newItemName, nextClaim, prefixes, stateOf, type PartInfo } from './item.js';
import { isProbe, SharedClock } from './shared-clock.js';
import type { Claim, ItemKind, ItemState, Parts, Store } from './store.js';
import { makeRoom, type MeasuredItem, type StoreLimits } from './store-limits.js';

/**
 * A store in a folder, for all servers of a home or of several machines. An item is a folder with a file for each part:
 *
 *   new-<name>   is being written          <name>   an item          gone-<name>   is being removed
 *
 * Files and folders get their names by a rename when they are complete, so that a kill at any step leaves an item as it was.
 */
export class FolderStore implements Store {
  readonly #root: string;
  readonly #limits: StoreLimits;
  /** Items that do not change any more; a store may hold thousands. */
  readonly #finished = new Map<string, MeasuredItem>();
  readonly #clock: SharedClock;
  #adding: Promise<unknown> = Promise.resolve();

  constructor(root: string, limits: StoreLimits) {
    this.#root = root;
    this.#limits = limits;
    this.#clock = new SharedClock(root);
  }

  add(kind: ItemKind, parts: Parts): Promise<string> {
    // One after the other: each sees the room that is left.
    const added = this.#adding.then(() => this.#add(kind, parts));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async state(id: string): Promise<ItemState | undefined> {
    const state = isItemName(id) ? await this.#reading(() => this.#stateOf(id)) : undefined;
    return state === undefined || (await this.#hasExpired(state)) ? undefined : state;
  }

  async read(id: string, part: string): Promise<Buffer | undefined> {
    if (!isItemName(id) || !isPartName(part)) return undefined;
    return this.#reading(() => readFileIn(this.#folderOf(id), part));
  }

  async write(id: string, part: string, bytes: Uint8Array): Promise<void> {
    await this.#writing(async () => {
      if (!(await isFolder(this.#folderOf(id)))) throw new Error('it was removed');
      await writeFileIn(this.#folderOf(id), part, bytes);
    });
  }

  writeNew(id: string, part: string, bytes: Uint8Array): Promise<boolean> {
    return this.#writing(async () => {
      if (!(await isFolder(this.#folderOf(id)))) throw new Error('it was removed');
      return addFileIn(this.#folderOf(id), part, bytes);
    });
  }

  async drop(id: string, parts: readonly string[]): Promise<void> {
    if (!(await isFolder(this.#folderOf(id)).catch(() => false))) return;
    for (const part of parts) await unlink(path.join(this.#folderOf(id), part)).catch(() => undefined);
  }

  async remove(id: string): Promise<void> {
    const gone = path.join(this.#root, `gone-${id}`);
    this.#finished.delete(id);
    const isMine = await this.#writing(() => rename(this.#folderOf(id), gone).then(() => true, ifMissing(false)));
    // It is removed. A sweep takes what is left of it.
    if (isMine) await rm(gone, { recursive: true, force: true }).catch(() => undefined);
  }

  async list(kind: ItemKind): Promise<string[]> {
    const names = await this.#reading(() => this.#names());
    return names.filter((name) => isItemName(name) && name.startsWith(prefixes[kind]));
  }

  async states(kind: ItemKind): Promise<ReadonlyMap<string, ItemState>> {
    const states = new Map<string, ItemState>();
    for (const id of await this.list(kind)) {
      const state = await this.state(id);
      if (state !== undefined) states.set(id, state);
    }
    return states;
  }

  async claim(id: string): Promise<Claim | undefined> {
    const files = await this.#reading(() => filesIn(this.#folderOf(id)));
    const part = files && nextClaim(files, await this.#clock.now());
    if (part === undefined) return undefined;
    const file = path.join(this.#folderOf(id), part);
    if (!(await this.#writing(() => madeNew(file)))) return undefined;
    return {
      renew: async () => {
        const now = new Date(await this.#clock.now());
        return this.#writing(() => utimes(file, now, now).then(() => true, ifMissing(false)));
      },
      giveBack: () => this.#writing(() => unlink(file).catch(ifMissing(undefined))),
    };
  }

  async sweep(): Promise<void> {
    const names = await this.#names();
    // Other servers remove items too.
    const present = new Set(names);
    for (const name of this.#finished.keys()) if (!present.has(name)) this.#finished.delete(name);
    // What cannot be looked at or removed is left to the next sweep, and keeps none of the others.
    for (const name of names) await this.#sweepOne(name).catch(() => undefined);
  }

  /** What `sweep` would remove now. */
  async outdated(): Promise<string[]> {
    const names = await this.#names();
    const outdated = await Promise.all(names.map((name) => this.#isOutdated(name)));
    return names.filter((_, i) => outdated[i]).map((name) => this.#folderOf(name));
  }

  async #sweepOne(name: string): Promise<void> {
    if (!(await this.#isOutdated(name))) return;
    if (isItemName(name)) await this.remove(name);
    else await rm(this.#folderOf(name), { recursive: true, force: true });
  }

  async #isOutdated(name: string): Promise<boolean> {
    if (!isItemName(name)) return (isUnfinishedName(name) || isProbe(name)) && isAbandoned(this.#folderOf(name));
    const state = await this.#stateOf(name);
    return state === undefined || this.#hasExpired(state);
  }

  async #add(kind: ItemKind, parts: Parts): Promise<string> {
    const bytes = Object.values(parts).reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    return this.#writing(async () => {
      await makeFolder(this.#root, 0o700);
      if (!(await isFolder(this.#root))) throw new Error('a link is in place of its folder');
      await this.#makeRoom(bytes);
      const id = newItemName(kind);
      await makeFolderOf(this.#folderOf(id), path.join(this.#root, `new-${id}`), parts);
      return id;
    });
  }

  /** Removes the oldest finished items until an item of `bytes` fits. */
  async #makeRoom(bytes: number): Promise<void> {
    const room = { items: await this.#measured(), bytes, limits: this.#limits, now: await this.#clock.now() };
    await makeRoom(room, (name) => this.remove(name));
  }

  /** The items with their sizes, and when they were finished. */
  async #measured(): Promise<MeasuredItem[]> {
    const now = await this.#clock.now();
    const names = (await this.#names()).filter(isItemName);
    return Promise.all(
      names.map(async (name) => {
        const known = this.#finished.get(name);
        if (known !== undefined) return known;
        const files = (await filesIn(this.#folderOf(name))) ?? new Map<string, PartInfo>();
        const state = stateOf(files, now);
        const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
        const doneAt = name.startsWith(prefixes.file) ? state?.createdAt : state?.finishedAt;
        const item = { name, bytes, doneAt: doneAt?.getTime() ?? Infinity };
        // A job may lose parts for a moment after it is finished.
        if (item.doneAt < now - 60_000) this.#finished.set(name, item);
        return item;
      }),
    );
  }

  async #stateOf(id: string): Promise<ItemState | undefined> {
    const files = await filesIn(this.#folderOf(id));
    return files && stateOf(files, await this.#clock.now());
  }

  async #hasExpired({ createdAt, finishedAt, isClaimed }: ItemState): Promise<boolean> {
    const since = (finishedAt ?? createdAt).getTime();
    return !isClaimed && since < (await this.#clock.now()) - this.#limits.keepMs;
  }

  async #names(): Promise<string[]> {
    return (await isFolder(this.#root)) ? readdir(this.#root) : [];
  }

  #folderOf(id: string): string {
    return path.join(this.#root, id);
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (OcrHubError.is(error)) throw error;
      throw new OcrHubError('jobs_unwritable', { problem: problemOf(error) }, { cause: error });
    }
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new OcrHubError('jobs_unreadable', { problem: problemOf(error) }, { cause: error });
    }
  }
}

/** Without the path: clients see the message. */
function problemOf(error: unknown): string {
  const [problem = ''] = (error as Error).message.split(', ');
  return problem;
}

/** False if there is such a file, or its folder is gone. */
async function madeNew(file: string): Promise<boolean> {
  try {
    await writeNewFile(file, '');
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function isUnfinishedName(name: string): boolean {
  return /^(?:new|gone)-[jf][\da-f]{40}$/.test(name);
}
