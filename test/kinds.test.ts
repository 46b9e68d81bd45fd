import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { systemParams, type SystemOverlay } from '../src/runtime/ocr/params.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

interface Fixture {
  readonly expected: readonly string[];
  readonly fields?: SystemOverlay;
  /** Whether the spaces must be right. */
  readonly withSpaces?: boolean;
}

/** Drawn by `node bench/run.js kinds --seed choose --write test/fixtures/kinds`. */
const fixtures = JSON.parse(fixtureBytes('kinds/kinds.json').toString()) as Record<string, Fixture>;

describe.each(['f32', 'int8'] as const)('a picture of a kind that is easily misread, in %s', (precision) => {
  let system: TextSystem;
  beforeAll(async () => {
    system = await TextSystem.create(systemParams.parse({ precision }));
  });
  afterAll(() => system.dispose());

  it.each(Object.entries(fixtures))('%s is read right', async (file, { expected, fields = {}, withSpaces = false }) => {
    const image = await decodeImage(fixtureBytes(`kinds/${file}`));
    const lines = await system.read(image, fields);
    const form = withSpaces ? (text: string) => text : withoutSpaces;
    expect(lines.map(({ text }) => form(text)).toSorted()).toEqual(expected.map(form).toSorted());
    for (const [x, y] of lines.flatMap(({ text_region }) => text_region)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(image.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThan(image.height);
    }
  });
});

function withoutSpaces(text: string): string {
  return text.replaceAll(/\s/g, '');
}
