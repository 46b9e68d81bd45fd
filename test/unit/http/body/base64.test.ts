import { expect, it } from 'vitest';
import { decodeBase64 } from '../../../../src/runtime/http/body/base64.js';

it.each(['YSBwaWN0dXJl', 'YSBw\naWN0\r\ndXJl\n', ' Y S\tB w\va W\fN 0dXJl ', 'data:image/png;base64, YSBwaWN0dXJl'])(
  'decodeBase64 skips white space: %j',
  (text) => {
    expect(Buffer.from(decodeBase64(text, 'images[0]')).toString()).toBe('a picture');
  },
);

it.each(['YSBw\u00a0aWN0', 'YSBw \u0161aWN0', 'YSBw\u{1f600} aWN0'])(
  'decodeBase64 refuses characters that only resemble base64 or white space: %j',
  (text) => {
    expect(() => decodeBase64(text, 'images[3]')).toThrow(/^images\[3\] is not base64: character ".+" at position 4$/);
  },
);
