import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type * as sessions from '../../../../src/runtime/inference/session.js';
import { openSession } from '../../../../src/runtime/inference/session.js';
import { Detector } from '../../../../src/runtime/ocr/detect/detector.js';
import { detectorParams } from '../../../../src/runtime/ocr/detect/params.js';
import { recognizerParams } from '../../../../src/runtime/ocr/recognize/params.js';
import { Recognizer } from '../../../../src/runtime/ocr/recognize/recognizer.js';
import { checkDetection, checkRecognition } from '../../../../src/runtime/ocr/precision/self-check.js';
import { temporaryFolder } from '../../../helpers/home.js';

/* Which sessions stay open after an int8 model was checked. */

vi.mock('../../../../src/runtime/inference/cpu.js', () => ({
  cpuModel: () => 'a processor',
  suitsInt8: () => true,
}));
vi.mock('../../../../src/runtime/ocr/precision/self-check.js', () => ({
  checkDetection: vi.fn(),
  checkRecognition: vi.fn(),
}));
vi.mock('../../../../src/runtime/inference/session.js', async (original) => {
  const { openSession } = await original<typeof sessions>();
  return { openSession: vi.fn(openSession) };
});

beforeEach(async () => {
  vi.stubEnv('OCRHUB_HOME', await temporaryFolder());
  vi.mocked(openSession).mockClear();
});

const make = {
  det: () => Detector.create(detectorParams.parse({})),
  rec: () => Recognizer.create(recognizerParams.parse({})),
} as const;
const sizes: Readonly<Record<keyof typeof make, readonly number[]>> = { det: [1, 3, 32, 32], rec: [1, 3, 48, 96] };

/** The opened model files, and whether the session of each can still run. */
async function opened(role: keyof typeof make): Promise<Record<string, boolean>> {
  await make[role]();
  const dims = sizes[role];
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  const results = vi.mocked(openSession).mock.results.map(async ({ value }) => {
    const session = await (value as ReturnType<typeof openSession>);
    const runs = await session.run(data, dims).then(
      () => true,
      () => false,
    );
    return [path.basename(session.file), runs] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

it.each(['det', 'rec'] as const)('the session of an int8 %s that fails its check is closed', async (role) => {
  for (const check of [checkDetection, checkRecognition]) vi.mocked(check).mockResolvedValue('it is wrong');
  const files = { [`PP-OCRv6_${role}_small-int8.onnx`]: false, [`PP-OCRv6_${role}_small.onnx`]: true };
  expect(await opened(role)).toEqual(files);
});

it.each(['det', 'rec'] as const)(
  'the session of an int8 %s that passes its check is opened once and stays open',
  async (role) => {
    for (const check of [checkDetection, checkRecognition]) vi.mocked(check).mockResolvedValue(undefined);
    expect(await opened(role)).toEqual({ [`PP-OCRv6_${role}_small-int8.onnx`]: true });
    const sessions = await Promise.all(vi.mocked(openSession).mock.results.map(({ value }) => value as unknown));
    expect(new Set(sessions).size).toBe(1);
  },
);
