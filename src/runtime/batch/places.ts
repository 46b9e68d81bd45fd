import { isWithin } from '../files/within.js';
import { isBucketUrl, parseBucketUrl, type BucketPlace } from '../bucket/url.js';
import { FolderSource } from './source/folder-source.js';
import type { Source } from './source/source.js';
import { FolderStore } from './store/folder-store.js';
import type { Store } from './store/store.js';

/**
 * The store that a user names: a folder, or `s3://bucket/prefix`.
 *
 * @throws OcrHubError `value_invalid`, `package_missing`
 */
export async function openStore(place: string, { leaseMs }: { readonly leaseMs?: number } = {}): Promise<Store> {
  if (!isBucketUrl(place)) return new FolderStore(place, leaseMs);
  const { Bucket, BucketStore } = await loadBuckets();
  return new BucketStore(place, await Bucket.open(parseBucketUrl(place, 'The output')), leaseMs);
}

/**
 * Refuses a store on which workers could not share a run.
 *
 * @throws OcrHubError `conditions_ignored`
 */
export async function requireShareable(place: string): Promise<void> {
  if (!isBucketUrl(place)) return;
  const { Bucket, requireConditions } = await loadBuckets();
  const bucket = await Bucket.open(parseBucketUrl(place, 'The output'));
  try {
    await requireConditions(place, bucket);
  } finally {
    bucket.close();
  }
}

/**
 * The source that a user names: a folder, a list of files, or `s3://bucket/prefix`.
 *
 * @param output left out of the source
 * @throws OcrHubError `value_invalid`, `package_missing`, `file_not_found`, `file_unreadable`
 */
export async function openSource(place: string, output: string): Promise<Source> {
  if (!isBucketUrl(place)) return FolderSource.open(place, output);
  const { Bucket, BucketSource } = await loadBuckets();
  const from = parseBucketUrl(place, 'The input');
  const to = isBucketUrl(output) ? parseBucketUrl(output, 'The output') : undefined;
  return new BucketSource(place.replace(/\/+$/, ''), await Bucket.open(from), (key) => isOutput(from, to, key));
}

function isOutput(from: BucketPlace, to: BucketPlace | undefined, key: string): boolean {
  if (to?.bucket !== from.bucket || to.prefix === '') return false;
  return isWithin(`/${to.prefix}`, `/${from.prefix}${key}`);
}

/** Loads the AWS SDK, which runs in folders do not need. */
const loadBuckets = () => import('./s3/index.js');
