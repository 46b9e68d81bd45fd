import { isBucketUrl, parseBucketUrl } from '../bucket/url.js';
import { FolderStore } from './folder-store.js';
import type { Store } from './store.js';
import type { StoreLimits } from './store-limits.js';

/**
 * The store that servers share: a folder, or `s3://bucket/prefix`.
 *
 * @throws OcrHubError `value_invalid`, `package_missing`, `conditions_ignored`
 */
export async function openJobStore(place: string, limits: StoreLimits): Promise<Store> {
  if (!isBucketUrl(place)) return new FolderStore(place, limits);
  // Loaded only here: servers with a folder need no SDK.
  const [{ Bucket }, { requireConditions }, { BucketStore }] = await Promise.all([
    import('../bucket/bucket.js'),
    import('../bucket/conditions.js'),
    import('./bucket-store.js'),
  ]);
  const bucket = await Bucket.open(parseBucketUrl(place, '--store'));
  await requireConditions(place, bucket);
  return new BucketStore(bucket, limits);
}
