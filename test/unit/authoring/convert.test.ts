import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { convertModels } from '../../../src/runtime/authoring/convert/convert.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { root } from '../../helpers/cli.js';
import { namesIn } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

const cls = path.join(root, 'models', 'ch_ppocr_mobile_v2.0_cls_mobile.onnx');

/** Converts into a package whose trial run fails. */
async function convertInVain(output: string): Promise<string[]> {
  const folder = await temporaryFolder();
  const home = homeAt(folder, path.join(folder, 'config.json'));
  const tryOut = (): Promise<string> => Promise.reject(new Error('it reads nothing'));
  const request = { name: 'mine', models: { cls }, dict: undefined, from: undefined, output, tryOut };
  await expect(convertModels(home, request)).rejects.toThrow('it reads nothing');
  return namesIn(home.models);
}

it('convertModels removes a package whose trial run fails, with its folder and models', async () => {
  const folder = await temporaryFolder();
  expect(await convertInVain(path.join(folder, 'mine'))).toEqual([]);
  expect(await namesIn(folder)).toEqual([]);
});

it('convertModels keeps an existing empty folder if the trial run fails', async () => {
  const folder = path.join(await temporaryFolder(), 'mine');
  await mkdir(folder);
  const { ino } = await stat(folder);
  expect(await convertInVain(folder)).toEqual([]);
  expect((await stat(folder)).ino).toBe(ino);
  expect(await namesIn(folder)).toEqual([]);
});
