import type { Bucket } from '../bucket/bucket.js';
import { OcrHubError } from '../errors/error.js';
import { BucketClaim } from './bucket-claim.js';
import { isItemName, isPartName, newItemName, nextClaim, prefixes, stateOf, type PartInfo } from './item.js';
import { headPart, outcomePart, type Claim, type ItemKind, type ItemState, type Parts, type Store } from './store.js';
import { makeRoom, type StoreLimits } from './store-limits.js';

/** Parts without a head that are younger may belong to an item that is being added. */
const unfinishedMs = 10 * 60_000;

interface Item {
  readonly name: string;
  readonly parts: ReadonlyMap<string, PartInfo>;
}

/**
 * A store in a bucket, for servers of several machines. An item is a prefix with an object for each part. The head is written last and
 * removed first: an item without it is not there. Claims are objects that conditional writes make.
 */
export class BucketStore implements Store {
  readonly #bucket: Bucket;
  readonly #limits: StoreLimits;
  /** Items that do not change any more: their states need no request. */
  readonly #finished = new Map<string, ItemState>();
  #adding: Promise<unknown> = Promise.resolve();

  constructor(bucket: Bucket, limits: StoreLimits) {
    this.#bucket = bucket;
    this.#limits = limits;
  }

  add(kind: ItemKind, parts: Parts): Promise<string> {
    // One after the other: each sees the room that is left.
    const added = this.#adding.then(() => this.#writing(() => this.#add(kind, parts)));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async state(id: string): Promise<ItemState | undefined> {
    if (!isItemName(id)) return undefined;
    const state = this.#finished.get(id) ?? (await this.#reading(() => this.#stateOf(id)));
    if (state === undefined || this.#hasExpired(state)) return undefined;
    if (state.finishedAt !== undefined) this.#finished.set(id, state);
    return state;
  }

  async read(id: string, part: string): Promise<Buffer | undefined> {
    if (!isItemName(id) || !isPartName(part)) return undefined;
    const found = await this.#reading(() => this.#bucket.get(`${id}/${part}`));
    // Another server has removed the item.
    if (found === undefined && part === outcomePart) this.#finished.delete(id);
    return found?.bytes;
  }

  async write(id: string, part: string, bytes: Uint8Array): Promise<void> {
    await this.#writing(async () => {
      if ((await this.#bucket.head(`${id}/${headPart}`)) === undefined) throw new Error('it was removed');
      await this.#bucket.put(`${id}/${part}`, bytes);
    });
  }

  writeNew(id: string, part: string, bytes: Uint8Array): Promise<boolean> {
    return this.#writing(async () => {
      if ((await this.#bucket.head(`${id}/${headPart}`)) === undefined) throw new Error('it was removed');
      return (await this.#bucket.put(`${id}/${part}`, bytes, 'new')) !== undefined;
    });
  }

  async drop(id: string, parts: readonly string[]): Promise<void> {
    for (const part of parts) await this.#bucket.delete(`${id}/${part}`).catch(() => undefined);
  }

  async remove(id: string): Promise<void> {
    this.#finished.delete(id);
    await this.#writing(() => this.#bucket.delete(`${id}/${headPart}`));
    // It is removed. A sweep takes what is left of it.
    await this.#removeParts(id).catch(() => undefined);
  }

  async list(kind: ItemKind): Promise<string[]> {
    const items = await this.#reading(() => this.#items(prefixes[kind]));
    const present = items.filter(({ parts }) => parts.has(headPart)).map(({ name }) => name);
    const names = new Set(present);
    for (const name of this.#finished.keys())
      if (name.startsWith(prefixes[kind]) && !names.has(name)) this.#finished.delete(name);
    return present;
  }

  states(kind: ItemKind): Promise<ReadonlyMap<string, ItemState>> {
    return this.#reading(async () => {
      const items = (await this.#items(prefixes[kind])).filter(({ parts }) => parts.has(headPart));
      const now = await this.#now(items);
      const states = items.map(({ name, parts }) => [name, stateOf(parts, now)] as const);
      return new Map(states.flatMap(([name, state]) => (state && !this.#hasExpired(state) ? [[name, state]] : [])));
    });
  }

  async claim(id: string): Promise<Claim | undefined> {
    const part = await this.#reading(async () => {
      const [item] = await this.#items(`${id}/`);
      return item && nextClaim(item.parts, await this.#now([item]));
    });
    const claim = part && (await this.#writing(() => BucketClaim.make(this.#bucket, `${id}/${part}`)));
    if (!claim) return undefined;
    return {
      renew: () => this.#writing(() => claim.renew()),
      giveBack: () => this.#writing(() => claim.giveBack()),
    };
  }

  async sweep(): Promise<void> {
    const now = Date.now();
    for (const { name, parts } of await this.#items('')) {
      const state = stateOf(parts, now);
      const newest = Math.max(...[...parts.values()].map(({ mtimeMs }) => mtimeMs));
      const isOutdated = state === undefined ? newest < now - unfinishedMs : this.#hasExpired(state);
      // What cannot be removed is left to the next sweep, and keeps none of the others.
      if (isOutdated) await this.remove(name).catch(() => undefined);
    }
  }

  async #removeParts(id: string): Promise<void> {
    for await (const { key } of this.#bucket.list(`${id}/`, { isDeep: false })) await this.#bucket.delete(key);
  }

  async #add(kind: ItemKind, parts: Parts): Promise<string> {
    const bytes = Object.values(parts).reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    const room = { items: await this.#measured(), bytes, limits: this.#limits, now: Date.now() };
    await makeRoom(room, (name) => this.remove(name));
    const id = newItemName(kind);
    const { [headPart]: head = '', ...others } = parts;
    for (const [part, content] of Object.entries(others)) await this.#bucket.put(`${id}/${part}`, content);
    await this.#bucket.put(`${id}/${headPart}`, head);
    return id;
  }

  async #measured(): Promise<{ name: string; bytes: number; doneAt: number }[]> {
    return (await this.#items('')).map(({ name, parts }) => {
      const state = stateOf(parts, Date.now());
      const doneAt = name.startsWith(prefixes.file) ? state?.createdAt : state?.finishedAt;
      const bytes = [...parts.values()].reduce((sum, part) => sum + part.bytes, 0);
      return { name, bytes, doneAt: doneAt?.getTime() ?? Infinity };
    });
  }

  async #stateOf(id: string): Promise<ItemState | undefined> {
    const [item] = await this.#items(`${id}/`);
    return item && stateOf(item.parts, await this.#now([item]));
  }

  /** Ages of claims are short: they are told by the clock of the store alone. It answers with any item that is still there. */
  async #now(items: readonly Item[]): Promise<number> {
    for (const { name } of items) {
      const now = await this.#bucket.now(`${name}/${headPart}`);
      if (now !== undefined) return now;
    }
    return Date.now();
  }

  async #items(prefix: string): Promise<Item[]> {
    const items = new Map<string, Map<string, PartInfo>>();
    for await (const { key, bytes, modified } of this.#bucket.list(prefix, { isDeep: true })) {
      const [name = '', part = '', ...rest] = key.split('/');
      if (!isItemName(name) || rest.length > 0) continue;
      const parts = items.get(name) ?? new Map<string, PartInfo>();
      items.set(name, parts.set(part, { bytes, mtimeMs: modified.getTime() }));
    }
    return [...items].map(([name, parts]) => ({ name, parts }));
  }

  #hasExpired({ createdAt, finishedAt, isClaimed }: ItemState): boolean {
    return !isClaimed && (finishedAt ?? createdAt).getTime() < Date.now() - this.#limits.keepMs;
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (OcrHubError.is(error)) throw error;
      throw new OcrHubError('jobs_unwritable', { problem: (error as Error).message }, { cause: error });
    }
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new OcrHubError('jobs_unreadable', { problem: (error as Error).message }, { cause: error });
    }
  }
}
