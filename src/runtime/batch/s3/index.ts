export { Bucket } from '../../bucket/bucket.js';
export { requireConditions } from '../../bucket/conditions.js';
export { BucketSource } from './bucket-source.js';
export { BucketStore } from './bucket-store.js';
