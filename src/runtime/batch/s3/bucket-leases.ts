import { randomUUID } from 'node:crypto';
import { hasEnded, thisHolder, type Holder } from '../store/holder.js';
import { leaseMs as defaultLeaseMs, type Lease, type Leases } from '../store/leases.js';
import type { Bucket } from '../../bucket/bucket.js';

/** Leases as objects. A conditional write takes one, renews it, or takes it over. */
export class BucketLeases implements Leases {
  readonly #bucket: Bucket;
  readonly #leaseMs: number;

  constructor(bucket: Bucket, leaseMs = defaultLeaseMs) {
    this.#bucket = bucket;
    this.#leaseMs = leaseMs;
  }

  async take(name: string): Promise<Lease | undefined> {
    const key = `leases/${name}`;
    return (await BucketLease.put(this.#bucket, key, 0, 'new')) ?? (await this.#takeOver(key));
  }

  async held(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    for await (const { key } of this.#bucket.list('leases/', { isDeep: false })) names.add(key.slice('leases/'.length));
    return names;
  }

  async #takeOver(key: string): Promise<Lease | undefined> {
    const [info, content] = await Promise.all([this.#bucket.head(key), this.#bucket.get(key)]);
    // Released meanwhile, or renewed between the two calls.
    if (info === undefined || content?.tag !== info.tag) return undefined;
    const { losses = 0, holder } = JSON.parse(content.bytes.toString()) as { losses?: number; holder?: Holder };
    const isExpired = info.ageMs >= this.#leaseMs || (holder !== undefined && (await hasEnded(holder)));
    return isExpired ? BucketLease.put(this.#bucket, key, losses + 1, { tag: info.tag }) : undefined;
  }
}

class BucketLease implements Lease {
  readonly losses: number;
  readonly #bucket: Bucket;
  readonly #key: string;
  #tag: string;

  private constructor(bucket: Bucket, key: string, losses: number, tag: string) {
    this.#bucket = bucket;
    this.#key = key;
    this.losses = losses;
    this.#tag = tag;
  }

  /** Undefined if the condition is not met. */
  static async put(
    bucket: Bucket,
    key: string,
    losses: number,
    condition: 'new' | { readonly tag: string },
  ): Promise<BucketLease | undefined> {
    const tag = await bucket.put(key, await contentOf(losses), condition);
    return tag === undefined ? undefined : new BucketLease(bucket, key, losses, tag);
  }

  async renew(): Promise<boolean> {
    const tag = await this.#bucket.put(this.#key, await contentOf(this.losses), { tag: this.#tag });
    if (tag !== undefined) this.#tag = tag;
    return tag !== undefined;
  }

  /** Another worker may take the lease over between the two calls. Then a third one can have it too, and reads the unit as well. */
  async release(): Promise<void> {
    if ((await this.#bucket.head(this.#key))?.tag === this.#tag) await this.#bucket.delete(this.#key);
  }
}

/** Differs each time, so that the tag, a hash of the content, does. */
async function contentOf(losses: number): Promise<string> {
  return JSON.stringify({ losses, holder: await thisHolder(), renewal: randomUUID() });
}
