export { Bucket } from './bucket.js';
export { BucketSource } from './bucket-source.js';
export { BucketStore, requireConditions } from './bucket-store.js';
