import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemParams } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { root } from './helpers/cli.js';
import { givenPictures, textsOf } from './helpers/given-pictures.js';

/** Kinds and pictures that are not read right: `node bench/run.js given` prints what is read instead. */
const misread = ['model-2', 'narrow'];

const pictures = givenPictures(path.join(root, '..', 'shared', 'field', 'pictures')).filter(
  ({ name, kind }) => !misread.includes(name) && !misread.includes(kind),
);

describe.skipIf(pictures.length === 0).each(['f32', 'int8'] as const)(
  'a picture of a public report, in %s',
  (precision) => {
    let system: TextSystem;
    beforeAll(async () => {
      system = await TextSystem.create(systemParams.parse({ precision }));
    });
    afterAll(() => system.dispose());

    it.each(pictures)('$name is read right', async (picture) => {
      expect(await textsOf(system, picture)).toEqual(picture.expected);
    });
  },
);
