import { describe, expect, it } from 'vitest';
import type { TextWord } from '../../../src/runtime/document/page.js';
import type { Quad } from '../../../src/runtime/geometry/point.js';
import { blankImage, type Image } from '../../../src/runtime/image/image.js';
import type { LineAngle } from '../../../src/runtime/ocr/classify/classifier.js';
import { systemParams } from '../../../src/runtime/ocr/params.js';
import { TextSystem } from '../../../src/runtime/ocr/text-system.js';

const upper: Quad = [
  [0, 0],
  [20, 0],
  [20, 5],
  [0, 5],
];
const lower: Quad = [
  [0, 20],
  [20, 20],
  [20, 25],
  [0, 25],
];

/** A system whose stages return fixed values; `seen` holds the lines that the recognizer received. */
function systemWith(confidences: number[], angle: LineAngle = { angle: '0', confidence: 1 }) {
  const seen: Image[] = [];
  const system = new TextSystem({
    detector: { detect: () => Promise.resolve([lower, upper]) },
    classifier: { classify: (lines) => Promise.resolve(lines.map(() => angle)) },
    recognizer: {
      recognize: (lines) => {
        seen.push(...lines);
        return Promise.resolve(lines.map((_, i) => ({ text: `line ${i}`, confidence: confidences[i] ?? 1 })));
      },
    },
    params: systemParams.parse({}),
  });
  return { system, seen };
}

function picture(): Image {
  const image = blankImage(40, 40);
  image.data[0] = 200;
  return image;
}

describe('TextSystem with replaced stages', () => {
  it('returns lines in reading order and without angles by default', async () => {
    const lines = await systemWith([]).system.read(picture());
    expect(lines).toEqual([
      { text: 'line 0', confidence: 1, text_region: upper },
      { text: 'line 1', confidence: 1, text_region: lower },
    ]);
  });

  it.each([
    ['at their own size if it has no line height', undefined, [30, 10]],
    ['at its line height if it has one', 20, [60, 20]],
  ])('passes tilted lines to a custom recognizer %s', async (_, lineHeight, size) => {
    const seen: Image[] = [];
    const tilted: Quad = [
      [2, 2],
      [32, 5],
      [31, 15],
      [1, 12],
    ];
    const system = new TextSystem({
      detector: { detect: () => Promise.resolve([tilted]) },
      recognizer: {
        ...(lineHeight === undefined ? {} : { lineHeight }),
        recognize: (lines) => {
          seen.push(...lines);
          return Promise.resolve(lines.map(() => ({ text: 'a', confidence: 1 })));
        },
      },
      params: systemParams.parse({}),
    });
    await system.read(picture());
    expect(seen.map(({ width, height }) => [width, height])).toEqual([size]);
  });

  it('crops and reads lines in batches of at most four times the pixels of the picture', async () => {
    const whole: Quad = [
      [0, 0],
      [40, 0],
      [40, 40],
      [0, 40],
    ];
    const calls: { classified: number[]; read: number[] } = { classified: [], read: [] };
    const system = new TextSystem({
      detector: { detect: () => Promise.resolve(Array.from({ length: 10 }, () => whole)) },
      classifier: {
        classify: (lines) => {
          calls.classified.push(lines.length);
          return Promise.resolve(lines.map(() => ({ angle: '0', confidence: 1 })));
        },
      },
      recognizer: {
        recognize: (lines) => {
          calls.read.push(lines.length);
          return Promise.resolve(lines.map((_, i) => ({ text: String(i), confidence: 1 })));
        },
      },
      params: systemParams.parse({ use_angle_cls: true }),
    });
    const lines = await system.read(picture());
    expect(calls).toEqual({ classified: [4, 4, 2], read: [4, 4, 2] });
    expect(lines.map(({ text }) => text).join('')).toBe('0123012301');
    expect(lines.map(({ angle }) => angle)).toEqual(lines.map(() => '0'));
  });

  it('drops lines below drop_score and keeps a line that equals it', async () => {
    const lines = await systemWith([0.5, 0.49]).system.read(picture());
    expect(lines.map(({ text }) => text)).toEqual(['line 0']);
  });

  it('lets a request lower drop_score', async () => {
    const lines = await systemWith([0.5, 0.1]).system.read(picture(), { drop_score: 0.05 });
    expect(lines).toHaveLength(2);
  });

  it('rotates lines that are upside down with a confidence above cls_thresh, and returns the angle', async () => {
    const { system, seen } = systemWith([], { angle: '180', confidence: 0.95 });
    const lines = await system.read(picture(), { use_angle_cls: true });
    expect(lines[0]?.angle).toBe('180');
    expect(seen[0]?.data.at(-3)).toBe(200);
  });

  it('requests words only for return_word_box, and returns their regions in the picture', async () => {
    const asked: unknown[] = [];
    const word = (from: number, to: number): TextWord => ({
      text: 'a',
      confidence: 1,
      region: [
        [from, 1],
        [to, 1],
        [to, 4],
        [from, 4],
      ],
    });
    const system = new TextSystem({
      detector: { detect: () => Promise.resolve([lower]) },
      classifier: { classify: () => Promise.resolve([{ angle: '180', confidence: 1 }]) },
      recognizer: {
        recognize: (lines, overlay) => {
          asked.push(overlay);
          const words = overlay?.return_word_box === true ? { words: [word(0, 6)] } : {};
          return Promise.resolve(lines.map(() => ({ text: 'a', confidence: 1, ...words })));
        },
      },
      params: systemParams.parse({}),
    });
    const [without] = await system.read(picture());
    expect(without).toEqual({ text: 'a', confidence: 1, text_region: lower });
    const [upright] = await system.read(picture(), { return_word_box: true });
    expect(upright?.words?.[0]?.region).toEqual([
      [0, 21],
      [6, 21],
      [6, 24],
      [0, 24],
    ]);
    const [turned] = await system.read(picture(), { return_word_box: true, use_angle_cls: true });
    expect(turned?.words?.[0]?.region).toEqual([
      [14, 21],
      [20, 21],
      [20, 24],
      [14, 24],
    ]);
    expect(asked).toEqual([
      { return_word_box: false, rec_model: '' },
      { return_word_box: true, rec_model: '' },
      { return_word_box: true, rec_model: '' },
    ]);
  });

  it('answers no words to a request with return_word_box: false, although it was created with true', async () => {
    const asked: unknown[] = [];
    const words = [{ text: 'a', confidence: 1, region: upper }];
    const system = new TextSystem({
      detector: { detect: () => Promise.resolve([lower]) },
      recognizer: {
        recognize: (lines, overlay) => {
          asked.push(overlay);
          return Promise.resolve(lines.map(() => ({ text: 'a', confidence: 1, words })));
        },
      },
      params: systemParams.parse({ return_word_box: true }),
    });
    const [off] = await system.read(picture(), { return_word_box: false });
    expect(off).toEqual({ text: 'a', confidence: 1, text_region: lower });
    const [on] = await system.read(picture());
    expect(on?.words).toHaveLength(1);
    expect(asked).toEqual([
      { return_word_box: false, rec_model: '' },
      { return_word_box: true, rec_model: '' },
    ]);
  });

  it('does not rotate lines with a confidence of exactly cls_thresh', async () => {
    const { system, seen } = systemWith([], { angle: '180', confidence: 0.9 });
    await system.read(picture(), { use_angle_cls: true });
    expect(seen[0]?.data[0]).toBe(200);
  });

  const detector = { detect: () => Promise.resolve([lower, upper]) };
  const read = { text: 'a', confidence: 1 };

  it.each([
    [1, [read]],
    [3, [read, read, read]],
  ])('throws if a recognizer returns %i answers for two lines', async (count, answers) => {
    const recognizer = { recognize: () => Promise.resolve(answers) };
    const system = new TextSystem({ detector, recognizer, params: systemParams.parse({}) });
    await expect(system.read(picture())).rejects.toThrow(`the recognizer gave ${count} answers to 2 lines`);
  });

  it('throws if a classifier returns one answer for two lines', async () => {
    const classifier = { classify: () => Promise.resolve([{ angle: '180' as const, confidence: 1 }]) };
    const recognizer = { recognize: (lines: readonly Image[]) => Promise.resolve(lines.map(() => read)) };
    const params = systemParams.parse({ use_angle_cls: true });
    const system = new TextSystem({ detector, classifier, recognizer, params });
    await expect(system.read(picture())).rejects.toThrow('the classifier gave 1 answers to 2 lines');
  });
});
