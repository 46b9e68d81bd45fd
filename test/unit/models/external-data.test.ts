import path from 'node:path';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { externalDataOf } from '../../../src/runtime/models/external-data.js';
import { withExternalData } from '../../helpers/external-data.js';
import { temporaryFolder } from '../../helpers/home.js';

const det = path.resolve('models/PP-OCRv6_det_small.onnx');

it('externalDataOf names no file for a model in one file', async () => {
  expect(await externalDataOf(det)).toEqual([]);
});

it.each([
  ['one file', ['m.onnx.data'], ['m.onnx.data']],
  ['a file in a subfolder, and one beside it', ['w/a.bin', './b'], ['b', 'w/a.bin']],
])('externalDataOf names %s', async (_, places, names) => {
  const copy = path.join(await temporaryFolder(), 'm.onnx');
  await withExternalData(det, copy, places);
  expect(await externalDataOf(copy)).toEqual(names);
});

it.each(['../secret', '/etc/passwd', 'a/../../b'])('externalDataOf refuses weights in %s', async (place) => {
  const root = path.join(await temporaryFolder(), 'a', 'b');
  const inside = path.join(root, 'm.onnx');
  await mkdir(root, { recursive: true });
  await withExternalData(det, inside, ['p'.repeat(place.length)]);
  const changed = (await readFile(inside)).toString('latin1').replaceAll('p'.repeat(place.length), place);
  await writeFile(inside, changed, 'latin1');
  await expect(externalDataOf(inside)).rejects.toThrow(`its weights lie outside its folder: "${place}"`);
});

it.each(['', 'not a model', 'version https://git-lfs.github.com/spec/v1'])(
  'externalDataOf does not read %j endlessly',
  async (content) => {
    const file = path.join(await temporaryFolder(), 'm.onnx');
    await writeFile(file, content);
    const outcome = await externalDataOf(file).catch((error: unknown) => (error as { code: string }).code);
    expect(outcome).toEqual(content === '' ? [] : 'model_mismatch');
  },
);
