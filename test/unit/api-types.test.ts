import { expectTypeOf, it } from 'vitest';
import type { Detector, TextSystem } from '../../src/runtime/index.js';
import {
  type DetectorOverlay,
  type Image,
  type LineRecognizer,
  type Quad,
  type RecognizedText,
  type Recognizer,
  type SystemOverlay,
  type TextLine,
  type TextSystemOptions,
} from '../../src/runtime/index.js';

it('TextSystem.create accepts any subset of the parameters, threads and home, and no other names', () => {
  expectTypeOf<(typeof TextSystem)['create']>().parameter(0).toEqualTypeOf<TextSystemOptions | undefined>();
  expectTypeOf<(typeof TextSystem)['create']>().returns.resolves.toEqualTypeOf<TextSystem>();
  expectTypeOf<{ det_limit_side_len: number; threads: number }>().toExtend<TextSystemOptions>();
  expectTypeOf<{ home: string; device: 'cuda' }>().toExtend<TextSystemOptions>();
  expectTypeOf<{ device: 'gpu' }>().not.toExtend<TextSystemOptions>();
  expectTypeOf<TextSystemOptions>().not.toHaveProperty('det_limit_side');
});

it('the overlay of a request holds only the parameters that one request may set', () => {
  expectTypeOf<DetectorOverlay>().toHaveProperty('det_limit_side_len');
  expectTypeOf<DetectorOverlay['det_limit_side_len']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<DetectorOverlay>().not.toHaveProperty('det_model_dir');
  expectTypeOf<SystemOverlay>().toExtend<DetectorOverlay>();
  expectTypeOf<keyof SystemOverlay>().toEqualTypeOf<
    | keyof DetectorOverlay
    | 'rec_model'
    | 'return_word_box'
    | 'cls_thresh'
    | 'use_angle_cls'
    | 'reading_order'
    | 'drop_score'
    | 'page_rotation'
  >();
});

it('the stages accept pictures and return boxes, texts and lines', () => {
  expectTypeOf<Detector['detect']>().toEqualTypeOf<(image: Image, overlay?: DetectorOverlay) => Promise<Quad[]>>();
  expectTypeOf<Recognizer['recognize']>().returns.resolves.items.toExtend<RecognizedText>();
  expectTypeOf<TextSystem['read']>().returns.resolves.toEqualTypeOf<TextLine[]>();
  expectTypeOf<Recognizer>().toExtend<LineRecognizer>();
  expectTypeOf<(typeof Detector)['create']>().returns.resolves.toEqualTypeOf<Detector>();
});
