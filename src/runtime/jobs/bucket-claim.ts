import { randomUUID } from 'node:crypto';
import type { Bucket } from '../bucket/bucket.js';
import type { Claim } from './store.js';

/** A claim as an object that a conditional write makes and renews. Its content tells it from the claim of another worker. */
export class BucketClaim implements Claim {
  readonly #bucket: Bucket;
  readonly #key: string;
  readonly #content: string;
  #tag: string;

  private constructor(bucket: Bucket, key: string, content: string, tag: string) {
    this.#bucket = bucket;
    this.#key = key;
    this.#content = content;
    this.#tag = tag;
  }

  /** Undefined if another worker has made it. */
  static async make(bucket: Bucket, key: string): Promise<BucketClaim | undefined> {
    const content = randomUUID();
    const tag = await bucket.put(key, content, 'new');
    return tag === undefined ? undefined : new BucketClaim(bucket, key, content, tag);
  }

  async renew(): Promise<boolean> {
    if (await this.#write()) return true;
    // The tag changes with each write in some buckets, and the answer that told the last one may have been lost.
    const found = await this.#bucket.get(this.#key);
    if (found?.bytes.toString() !== this.#content) return false;
    this.#tag = found.tag;
    await this.#write();
    return true;
  }

  giveBack(): Promise<void> {
    return this.#bucket.delete(this.#key);
  }

  async #write(): Promise<boolean> {
    const tag = await this.#bucket.put(this.#key, this.#content, { tag: this.#tag });
    if (tag !== undefined) this.#tag = tag;
    return tag !== undefined;
  }
}
