export { OcrhubClient, type ClientOptions } from './client.js';
export { OcrhubError } from './error.js';
export type {
  Envelope,
  EnvelopePage,
  Health,
  OcrDocument,
  OcrLine,
  OcrPageLine,
  OcrPage,
  OcrWord,
  Point,
  Quad,
  Rotation,
  ServedModule,
} from './answers.js';
export type { FileInput, FieldValue, Fields, ReadOptions, RequestOptions } from './request-body.js';
export type { FormatName, FormatResult } from './formats.js';
