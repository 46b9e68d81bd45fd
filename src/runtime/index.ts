/**
 * What a service module may import from "ocrhub": the description of a module, the stages of the pipeline, and the
 * pictures and shapes they speak of.
 */
export { defineModule } from './module.js';
export type { EntryShape, ModuleDefinition, PredictRequest, ServiceModule } from './module.js';
export { z } from './schema.js';
export { OcrHubError } from './errors.js';

export type { Image } from './image/image.js';
export { encodePng } from './image/encode.js';
export { decodeImage } from './ocr/decode.js';
export { cropLine } from './ocr/crop.js';
export { rotate180 } from './image/rotate.js';
export type { Point, Quad } from './geometry/point.js';

export { Detector, type TextDetector } from './ocr/detector.js';
export { Classifier, type Angle, type LineAngle, type LineClassifier } from './ocr/classifier.js';
export { Recognizer, type LineRecognizer } from './ocr/recognizer.js';
export type { RecognizedText } from './ocr/ctc.js';
export { readingOrder } from './ocr/reading-order.js';
export { TextSystem, type TextLine, type TextSystemParts } from './ocr/text-system.js';
export { measure, type Stage, type StageTimes } from './ocr/stages.js';
export { classifierParams, detectorParams, recognizerParams, systemParams } from './ocr/params.js';
export { withSetting } from './ocr/setting.js';
export type {
  ClassifierParams,
  DetectorOverlay,
  DetectorParams,
  RecognizerParams,
  SystemOverlay,
  SystemParams,
} from './ocr/params.js';
