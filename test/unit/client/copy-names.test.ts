import path from 'node:path';
import { expect, it } from 'vitest';
import { copyNames } from '../../../src/runtime/client/copy-names.js';

const drawn = (...names: string[]): string[] => names.map((name) => path.join('out', name));

it('copyNames names a copy after its picture', () => {
  expect(copyNames(['a/x.jpg', 'y.png'], 'out')).toEqual(drawn('x.jpg.png', 'y.png.png'));
});

it('copyNames numbers pictures with equal names from several folders, ignoring case', () => {
  expect(copyNames(['a/x.jpg', 'b/x.jpg', 'c/X.jpg', 'd/x.jpg-2'], 'out')).toEqual(
    drawn('x.jpg.png', 'x.jpg-2.png', 'X.jpg-3.png', 'x.jpg-2-2.png'),
  );
});

it('copyNames never overwrites a picture that is sent', () => {
  expect(copyNames(['out/x.jpg', 'out/x.jpg.png'], 'out')).toEqual(drawn('x.jpg-2.png', 'x.jpg.png.png'));
});
