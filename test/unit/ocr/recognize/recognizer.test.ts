import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../src/runtime/document/decode-image.js';
import { Recognizer } from '../../../../src/runtime/ocr/recognize/recognizer.js';
import { TextSystem } from '../../../../src/runtime/ocr/text-system.js';
import { fixtureBytes } from '../../../helpers/pictures.js';

/** Two generations of PP-OCR, whose confidences differ. */
const [first, second] = ['ppocrv6-small', 'ppocrv4-mobile'] as const;

describe('a recognizer with several models', () => {
  const open: Recognizer[] = [];
  const create = async (options: Parameters<typeof Recognizer.create>[0]): Promise<Recognizer> => {
    const recognizer = await Recognizer.create({ precision: 'f32', ...options });
    open.push(recognizer);
    return recognizer;
  };
  let both: Recognizer;
  beforeAll(async () => {
    both = await create({ rec_model_dir: first, rec_models: [second] });
  });
  afterAll(() => Promise.all(open.map((recognizer) => recognizer.dispose())));

  it('reads with the one that a request names, as a recognizer of that model alone does', async () => {
    const lines = [await decodeImage(fixtureBytes('line.png'))];
    const [alone, other] = [await create({ rec_model_dir: first }), await create({ rec_model_dir: second })];
    const expected = { first: await alone.recognize(lines), second: await other.recognize(lines) };
    expect(expected.first).not.toEqual(expected.second);
    expect(await both.recognize(lines)).toEqual(expected.first);
    expect(await both.recognize(lines, { rec_model: first })).toEqual(expected.first);
    expect(await both.recognize(lines, { rec_model: second })).toEqual(expected.second);
    expect(await both.recognize(lines)).toEqual(expected.first);
  });

  it('reads with the one that rec_model names at its start', async () => {
    const lines = [await decodeImage(fixtureBytes('line.png'))];
    const recognizer = await create({ rec_model_dir: first, rec_models: [second], rec_model: second });
    expect(await recognizer.recognize(lines)).toEqual(await both.recognize(lines, { rec_model: second }));
    expect(await recognizer.recognize(lines, { rec_model: '' })).toEqual(await both.recognize(lines));
  });

  it('refuses a model that was not loaded, and names those that were', async () => {
    const message = `rec_model is "ppocrv5-mobile": not a loaded recognizer; loaded: ${first}, ${second} (rec_model_dir and rec_models)`;
    const lines = [await decodeImage(fixtureBytes('line.png'))];
    await expect(async () => both.recognize(lines, { rec_model: 'ppocrv5-mobile' })).rejects.toThrow(message);
    await expect(create({ rec_model_dir: first, rec_model: second })).rejects.toThrow(
      `rec_model is "${second}": not a loaded recognizer; loaded: ${first} (rec_model_dir and rec_models)`,
    );
  });

  it('refuses to start with a further model that does not exist', async () => {
    await expect(create({ rec_models: ['ppocrv9'] })).rejects.toMatchObject({ code: 'model_unknown' });
  });
});

it('all lines of a page are read with the model of the request, also narrow and turned ones', async () => {
  const page = await decodeImage(fixtureBytes('page.png'));
  const [both, other] = [
    await TextSystem.create({ precision: 'f32', rec_models: [second] }),
    await TextSystem.create({ precision: 'f32', rec_model_dir: second }),
  ];
  expect(await both.read(page, { rec_model: second })).toEqual(await other.read(page));
  expect(await both.read(page)).not.toEqual(await other.read(page));
  await Promise.all([both.dispose(), other.dispose()]);
});
