import { describe, expect, it } from 'vitest';
import { preferredLanguage } from '../../../src/page/texts/language.js';
import { downloadName } from '../../../src/page/view/result/download-name.js';
import { textPlaceOf } from '../../../src/page/view/result/text-place.js';

describe('textPlaceOf', () => {
  it('puts a level line on its baseline, a fifth above the lower side', () => {
    const region = [
      [10, 20],
      [110, 20],
      [110, 40],
      [10, 40],
    ] as const;
    expect(textPlaceOf(region, 'Hello')).toEqual({ x: 10, y: 36, length: 100, height: 20, degrees: 0 });
  });

  it('turns a line upside down, whose first corner is at the lower right', () => {
    const region = [
      [110, 40],
      [10, 40],
      [10, 20],
      [110, 20],
    ] as const;
    expect(textPlaceOf(region, 'Hello')).toEqual({ x: 110, y: 24, length: 100, height: 20, degrees: 180 });
  });

  it('tilts with the line', () => {
    const region = [
      [0, 0],
      [60, 80],
      [52, 86],
      [-8, 6],
    ] as const;
    const { length, height, degrees } = textPlaceOf(region, 'Hello');
    expect([length, height]).toEqual([100, 10]);
    expect(degrees).toBeCloseTo(53.13, 2);
  });

  it('lets a tall line of several letters run down, and a tall letter stand', () => {
    const region = [
      [10, 10],
      [30, 10],
      [30, 110],
      [10, 110],
    ] as const;
    expect(textPlaceOf(region, '竖排文字')).toEqual({ x: 14, y: 10, length: 100, height: 20, degrees: 90 });
    expect(textPlaceOf(region, '丨')).toMatchObject({ length: 20, height: 100, degrees: 0 });
  });
});

describe('downloadName', () => {
  it.each([
    ['scan.jpg', 'text', 'text/plain', 'scan.txt'],
    ['scan.of.may.tiff', 'alto', 'application/xml', 'scan.of.may.alto.xml'],
    ['scan', 'markdown', 'text/markdown', 'scan.md'],
    ['.hidden', 'json', 'application/json', '.hidden.json'],
    ['scan.pdf', 'pdf', 'application/pdf', 'scan-ocr.pdf'],
    ['SCAN.PDF', 'pdf', 'application/pdf', 'SCAN-ocr.pdf'],
    ['scan.tiff', 'png', 'application/zip', 'scan.png.zip'],
    ['scan.jpg', 'a_later_format', 'application/octet-stream', 'scan.a_later_format'],
  ])('of %s as %s (%s) is %s', (file, format, type, name) => {
    expect(downloadName(file, format, type)).toBe(name);
  });
});

describe('preferredLanguage', () => {
  it.each([
    [['zh-TW', 'en'], 'zh-CN'],
    [['de-DE', 'zh'], 'zh-CN'],
    [['de-DE', 'en-GB', 'zh'], 'en'],
    [['', 'de-DE'], 'en'],
    [[], 'en'],
  ])('of %j is %s', (wanted, language) => {
    expect(preferredLanguage(wanted)).toBe(language);
  });
});
