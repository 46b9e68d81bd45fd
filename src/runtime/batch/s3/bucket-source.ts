import { OcrHubError } from '../../errors/error.js';
import { extensions, hasKnownExtension } from '../../inputs/folder.js';
import { isDocument, isNamedAsDocument } from '../plan/page-count.js';
import type { ReadFile, Source, SourceFile } from '../source/source.js';
import type { Bucket } from '../../bucket/bucket.js';

/** The pictures and documents in a bucket, below a prefix. Extensions tell which objects are read. */
export class BucketSource implements Source {
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #isLeftOut: (key: string) => boolean;

  /** @param isLeftOut true for objects that the run itself has written */
  constructor(name: string, bucket: Bucket, isLeftOut: (key: string) => boolean) {
    this.name = name;
    this.#bucket = bucket;
    this.#isLeftOut = isLeftOut;
  }

  async *list(): AsyncIterable<SourceFile> {
    let isEmpty = true;
    for await (const { key, tag } of this.#bucket.list('', { isDeep: true })) {
      if (!hasKnownExtension(key) || this.#isLeftOut(key)) continue;
      isEmpty = false;
      yield { src: key, stamp: tag };
    }
    if (isEmpty) throw new OcrHubError('folder_without_pictures', { folder: this.name, extensions });
  }

  /** Each would cost a request. */
  head(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async read(src: string): Promise<ReadFile> {
    const found = await this.#bucket.get(src);
    if (found === undefined) throw new OcrHubError('file_not_found', { file: `${this.name}/${src}` });
    if (isDocument(found.bytes) && !isNamedAsDocument(src)) {
      // The plan has one page of it.
      const reason = 'it is a document with pages; in a bucket its name must end with .pdf, .tif or .tiff';
      throw new OcrHubError('image_unreadable', { reason });
    }
    return { bytes: found.bytes, stamp: found.tag };
  }
}
