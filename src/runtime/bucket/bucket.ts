import type * as library from '@aws-sdk/client-s3';
import { bucketPlace, silenceBucketWarning } from '../config/environment.js';
import { OcrHubError } from '../errors/error.js';
import type { BucketPlace } from './url.js';

interface Found {
  readonly bytes: Buffer;
  readonly tag: string;
}

interface ObjectHead {
  readonly tag: string;
  readonly size: number;
  /** The time by the clock of the store, in milliseconds. */
  readonly now: number;
  readonly ageMs: number;
}

interface Listed {
  /** Without the prefix of the place. */
  readonly key: string;
  readonly tag: string;
  readonly bytes: number;
  /** By the clock of the store. */
  readonly modified: Date;
}

/**
 * The calls that runs and jobs make of an S3 store. Credentials, region and endpoint come from where the AWS SDK looks for them:
 * AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL_S3, ~/.aws, or the role of the machine. Keys are relative to the place.
 */
export class Bucket {
  readonly #sdk: typeof library;
  readonly #client: library.S3Client;
  readonly #place: BucketPlace;

  private constructor(sdk: typeof library, client: library.S3Client, place: BucketPlace) {
    this.#sdk = sdk;
    this.#client = client;
    this.#place = place;
  }

  /** @throws OcrHubError `package_missing` */
  static async open(place: BucketPlace): Promise<Bucket> {
    const sdk = await loadSdk();
    const { endpoint, region } = bucketPlace();
    const client = new sdk.S3Client({
      ...(region === undefined && endpoint !== undefined ? { region: 'us-east-1' } : {}),
      // Servers other than AWS's have no host name for each bucket.
      forcePathStyle: endpoint !== undefined,
      // A store that does not answer is away. Without these a call waits for as long as the connection stays open.
      requestHandler: { connectionTimeout: 5000, socketTimeout: 20_000 },
      maxAttempts: 2,
    });
    return new Bucket(sdk, client, place);
  }

  /** Undefined if there is no such object. */
  async get(key: string): Promise<Found | undefined> {
    try {
      const { Body, ETag = '' } = await this.#client.send(new this.#sdk.GetObjectCommand(this.#at(key)));
      return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), tag: ETag };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** Undefined if there is no such object. `ageMs` is told by the clock of the store, in whole seconds. */
  async head(key: string): Promise<ObjectHead | undefined> {
    try {
      const command = new this.#sdk.HeadObjectCommand(this.#at(key));
      let date = '';
      command.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          date = (result.response as { headers?: Record<string, string> }).headers?.['date'] ?? '';
          return result;
        },
        { step: 'deserialize', priority: 'low' },
      );
      const { ETag = '', ContentLength = 0, LastModified } = await this.#client.send(command);
      const parsed = Date.parse(date);
      const now = Number.isFinite(parsed) ? parsed : Date.now();
      return {
        tag: ETag,
        size: ContentLength,
        now,
        ageMs: LastModified === undefined ? 0 : now - LastModified.getTime(),
      };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** The time by the clock of the store, in milliseconds and whole seconds. Undefined if there is no such object. */
  async now(key: string): Promise<number | undefined> {
    return (await this.head(key))?.now;
  }

  /**
   * Writes an object as a whole.
   *
   * @param condition `new`: only if there is none; a tag: only in place of the object with this tag
   * @returns its tag; undefined if the condition was not met
   */
  async put(
    key: string,
    content: string | Uint8Array,
    condition?: 'new' | { readonly tag: string },
  ): Promise<string | undefined> {
    const when = condition === undefined ? {} : condition === 'new' ? { IfNoneMatch: '*' } : { IfMatch: condition.tag };
    // The SDK does not count an empty body, and warns that it is a stream.
    const body = { Body: content, ContentLength: Buffer.byteLength(content) };
    const command = new this.#sdk.PutObjectCommand({ ...this.#at(key), ...body, ...when });
    try {
      const { ETag = '' } = await this.#client.send(command);
      return ETag;
    } catch (error) {
      // 412: the condition is not met. 409: another writer was at it. 404: the object to replace is gone.
      if (condition !== undefined && [404, 409, 412].includes(statusOf(error) ?? 0)) return undefined;
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.#client.send(new this.#sdk.DeleteObjectCommand(this.#at(key)));
  }

  /**
   * The objects below a folder, sorted by key.
   *
   * @param isDeep with those in folders below it
   */
  async *list(folder: string, { isDeep }: { readonly isDeep: boolean }): AsyncGenerator<Listed, void> {
    const prefix = `${this.#place.prefix}${folder}`;
    const pages = this.#sdk.paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#place.bucket, Prefix: prefix, ...(isDeep ? {} : { Delimiter: '/' }) },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', ETag = '', Size = 0, LastModified = new Date(0) } of Contents)
        yield { key: Key.slice(this.#place.prefix.length), tag: ETag, bytes: Size, modified: LastModified };
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: `${this.#place.prefix}${key}` };
  }
}

async function loadSdk(): Promise<typeof library> {
  silenceBucketWarning();
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const details = { name: '@aws-sdk/client-s3', purpose: 'for s3:// places' };
    throw new OcrHubError('package_missing', details, { cause: error });
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
