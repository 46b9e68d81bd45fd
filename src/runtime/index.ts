/**
 * What a service module may import from "ocrhub": the description of a module, the stages of the pipeline, and the
 * pictures and shapes they speak of.
 */
import type { Module } from './module/define.js';
import { withPreset } from './ocr/presets.js';

export { defineModule } from './module/define.js';
export type { EntryShape, ModuleDefinition, PredictRequest, Module } from './module/define.js';
export { z } from './values/check.js';
export { OcrHubError } from './errors/error.js';

export type { Image } from './image/image.js';
export { encodePng } from './image/encode.js';
export { decodeImage } from './document/decode-image.js';
export type { Document, DocumentOptions, DocumentPage, TextLayer } from './document/document.js';
export { openDocument } from './document/open.js';
export { toPage, type Page, type PageLine, type Rotation, type TextWord } from './document/page.js';
export type { ReadDocument, ReadPage } from './document/read-document.js';
export {
  formatNames,
  formats,
  isFormatName,
  writeDocuments,
  type Format,
  type FormatName,
  type WriteOptions,
  type WrittenFile,
} from './document/formats/formats.js';
export { toJsonDocument, type JsonDocument, type JsonLine, type JsonPage } from './document/formats/json.js';
export { pageToText } from './document/formats/text.js';
export { cropLine } from './ocr/crop-lines.js';
export { rotate180 } from './image/rotate.js';
export type { Point, Quad } from './geometry/point.js';

export { Detector, type DetectorOptions, type TextDetector } from './ocr/detect/detector.js';
export {
  Classifier,
  type Angle,
  type ClassifierOptions,
  type LineAngle,
  type LineClassifier,
} from './ocr/classify/classifier.js';
export { Recognizer, type LineRecognizer, type RecognizerOptions } from './ocr/recognize/recognizer.js';
export type { RecognizedText } from './ocr/recognize/ctc.js';
export { readingOrder } from './ocr/order/reading-order.js';
export type { TextLine } from './ocr/text-line.js';
export { TextSystem, type TextSystemOptions, type TextSystemParts } from './ocr/text-system.js';
export { measure, type Stage, type StageTimes } from './trace/stage-times.js';
export { classifierParams, type ClassifierParams } from './ocr/classify/params.js';
export { detectorParams, type DetectorOverlay, type DetectorParams } from './ocr/detect/params.js';
export { recognizerParams, type RecognizerOverlay, type RecognizerParams } from './ocr/recognize/params.js';
export { systemParams, type SystemOverlay, type SystemParams } from './ocr/params.js';
export { withPreset } from './ocr/presets.js';

/** @deprecated The name of `withPreset` in version 0.1. It goes with version 0.3. */
export const withSetting = withPreset;

/** @deprecated The name of `Module` in version 0.1. It goes with version 0.3. */
export type ServiceModule = Module;
