import { describe, expect, it } from 'vitest';
import type { Quad } from '../../../../src/runtime/geometry/point.js';
import { Detector } from '../../../../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { recognizerParams } from '../../../../src/runtime/ocr/recognize/params.js';
import { Recognizer } from '../../../../src/runtime/ocr/recognize/recognizer.js';
import { checkDetection, checkRecognition } from '../../../../src/runtime/ocr/precision/self-check.js';

describe('the self-check', () => {
  it('passes with the f32 networks, which its expected answers come from', async () => {
    const detector = await Detector.create(detectorParams.parse({ precision: 'f32' }));
    const recognizer = await Recognizer.create(recognizerParams.parse({ precision: 'f32' }));
    expect(await checkDetection((page) => detector.detect(page))).toBeUndefined();
    expect(await checkRecognition((lines) => recognizer.recognize(lines))).toBeUndefined();
  });

  it('reports lines that are missing or found elsewhere', async () => {
    const detector = await Detector.create(detectorParams.parse({ precision: 'f32' }));
    const without = checkDetection(async (page) => (await detector.detect(page)).slice(1));
    expect(await without).toBe('it finds 11 lines of 12');
    const lower = (boxes: readonly Quad[]) => boxes.map((box) => box.map(([x, y]) => [x, y + 20]) as unknown as Quad);
    const moved = checkDetection(async (page) => lower(await detector.detect(page)));
    expect(await moved).toBe('it finds "第一章：光学字符识别" elsewhere');
  });

  it('reports a line that is read differently', async () => {
    const recognizer = await Recognizer.create(recognizerParams.parse({ precision: 'f32' }));
    const misread = checkRecognition(async (lines) =>
      (await recognizer.recognize(lines)).map((line) => ({ ...line, text: line.text.replace('Chapter', 'Chapler') })),
    );
    expect(await misread).toBe('it reads "Chapter 2: Reading" as "Chapler 2: Reading"');
  });
});
