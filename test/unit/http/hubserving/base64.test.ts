import { expect, it } from 'vitest';
import { decodeBase64 } from '../../../../src/runtime/http/hubserving/base64.js';

it.each(['YSBwaWN0dXJl', 'YSBw\naWN0\r\ndXJl\n', ' Y S\tB w\va W\fN 0dXJl ', 'data:image/png;base64, YSBwaWN0dXJl'])(
  'skips white space: %j',
  (text) => {
    expect(Buffer.from(decodeBase64(text, 0)).toString()).toBe('a picture');
  },
);

it.each(['YSBw\u00a0aWN0', 'YSBw \u0161aWN0', 'YSBw\u{1f600} aWN0'])('refuses what only resembles it: %j', (text) => {
  expect(() => decodeBase64(text, 3)).toThrow(/^images\[3\] is not base64: character ".+" at position 4$/);
});
