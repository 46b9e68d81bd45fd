import { OcrHubError } from '../errors/error.js';

/** A folder in a bucket. */
export interface BucketPlace {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Whether a word names a place in a bucket. */
export function isBucketUrl(word: string): boolean {
  return word.startsWith('s3://');
}

/**
 * @throws OcrHubError `value_invalid`
 * @example
 * parseBucketUrl('s3://scans/2026'); // { bucket: 'scans', prefix: '2026/' }
 */
export function parseBucketUrl(url: string, subject: string): BucketPlace {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined) {
    const problem = 'expected s3://BUCKET/PREFIX';
    throw new OcrHubError('value_invalid', { subject, key: '', value: url, problem });
  }
  const prefix = path.replace(/\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
