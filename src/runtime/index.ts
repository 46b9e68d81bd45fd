/**
 * What a service module may import from "ocrhub": the description of a module, the stages of the pipeline, and the
 * pictures and shapes they speak of.
 */
export { defineModule } from './module/define.js';
export type { EntryShape, ModuleDefinition, PredictRequest, Module } from './module/define.js';
export { z } from './values/check.js';
export { OcrHubError } from './errors/error.js';

export type { Image } from './image/image.js';
export { encodePng } from './image/encode.js';
export { decodeImage } from './document/decode-image.js';
export { openDocument, type Document, type DocumentPage } from './document/open.js';
export { toPage, type Page, type PageLine, type Rotation, type TextWord } from './document/page.js';
export { pageToJson } from './document/formats/json.js';
export { pageToText } from './document/formats/text.js';
export { cropLine } from './ocr/crop-lines.js';
export { rotate180 } from './image/rotate.js';
export type { Point, Quad } from './geometry/point.js';

export { Detector, type TextDetector } from './ocr/detect/detector.js';
export { Classifier, type Angle, type LineAngle, type LineClassifier } from './ocr/classify/classifier.js';
export { Recognizer, type LineRecognizer } from './ocr/recognize/recognizer.js';
export type { RecognizedText } from './ocr/recognize/ctc.js';
export { readingOrder } from './ocr/reading-order.js';
export { TextSystem, type TextLine, type TextSystemParts } from './ocr/text-system.js';
export { measure, type Stage, type StageTimes } from './trace/stage-times.js';
export { classifierParams, detectorParams, recognizerParams, systemParams } from './ocr/params.js';
export { withSetting } from './ocr/presets.js';
export type {
  ClassifierParams,
  DetectorOverlay,
  DetectorParams,
  RecognizerOverlay,
  RecognizerParams,
  SystemOverlay,
  SystemParams,
} from './ocr/params.js';
