import type { Leases } from '../store/leases.js';
import type { Store } from '../store/store.js';
import type { Bucket } from '../../bucket/bucket.js';
import { BucketLeases } from './bucket-leases.js';

/** A store in a bucket. */
export class BucketStore implements Store {
  readonly name: string;
  readonly leases: Leases;
  readonly #bucket: Bucket;

  /**
   * @param name as the user wrote it
   * @param leaseMs see `Leases.take`
   */
  constructor(name: string, bucket: Bucket, leaseMs?: number) {
    this.name = name.replace(/\/+$/, '');
    this.#bucket = bucket;
    this.leases = new BucketLeases(bucket, leaseMs);
  }

  async read(key: string): Promise<Buffer | undefined> {
    return (await this.#bucket.get(key))?.bytes;
  }

  async write(key: string, content: string): Promise<void> {
    await this.#bucket.put(key, content);
  }

  async create(key: string, content: string): Promise<boolean> {
    if ((await this.#bucket.put(key, content, 'new')) !== undefined) return true;
    // 409 does not say that there is an object now.
    return (await this.#bucket.head(key)) !== undefined ? false : this.create(key, content);
  }

  async remove(key: string): Promise<void> {
    await this.#bucket.delete(key);
  }

  async list(folder: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { key } of this.#bucket.list(`${folder}/`, { isDeep: false }))
      names.push(key.slice(folder.length + 1));
    return names.sort();
  }
}
