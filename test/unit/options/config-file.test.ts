import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readConfigFile } from '../../../src/runtime/options/config-file.js';
import { resolveServeOptions } from '../../../src/runtime/options/resolve.js';
import { homeAt } from '../../../src/runtime/config/home.js';
import { temporaryFolder } from '../../helpers/home.js';

const word = { word: { init_args: {}, predict_args: {} } };

async function refusal(content: unknown): Promise<{ file: string; failure: Promise<unknown> }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  const file = path.join(root, 'serve.json');
  await writeFile(file, JSON.stringify(content));
  return { file, failure: resolveServeOptions(home, { config: file }) };
}

it.each([
  [[], ' is []: Invalid input: expected object, received array'],
  [{ port: 8866 }, ': modules_info is nothing: '],
  [{ modules_inf: word }, ': unknown key "modules_inf"; did you mean "modules_info"?'],
  [{ modules_info: {} }, ': modules_info is {}: expected at least one module'],
  [{ modules_info: word, port: 'abc' }, ': port is "abc": Invalid input: expected number, received string'],
  [{ modules_info: word, port: -1 }, ': port is -1: expected an integer from 1 to 65535'],
  [{ modules_info: word, workers: 0 }, ': workers is 0: expected an integer from 1 to 1024'],
  [{ modules_info: { word: { init_args: [] } } }, ': modules_info.word.init_args is []: '],
  [{ modules_info: word, max_body: '10XB' }, ': max_body is "10XB": expected a size such as '],
  [{ modules_info: word, max_pixels: 0.5 }, ': max_pixels is 0.5: expected a size such as '],
  [{ modules_info: word, max_body: 2 ** 30 }, ': max_body is 1073741824: expected at most 511MiB'],
  [{ modules_info: word, use_multiprocess: 'yes' }, ': use_multiprocess is "yes": Invalid input: expected boolean'],
])('a config file with %j is refused with the file, key, value and allowed values', async (content, message) => {
  const { file, failure } = await refusal(content);
  await expect(failure).rejects.toMatchObject({
    message: expect.stringContaining(`${file}${message}`) as string,
    exitCode: 2,
  });
});

it("a config file accepts HubServing's keys, and missing keys of a module get their defaults", async () => {
  const file = path.join(await temporaryFolder(), 'config.json');
  await writeFile(file, JSON.stringify({ modules_info: { word: {} }, port: 8866, use_gpu: false, gpu: '0' }));
  expect(await readConfigFile(file)).toMatchObject({ modules_info: word, port: 8866, use_gpu: false, gpu: '0' });
});

it('a config file may begin with a byte order mark, as Windows writes it', async () => {
  const file = path.join(await temporaryFolder(), 'config.json');
  await writeFile(file, `\ufeff${JSON.stringify({ modules_info: word })}`);
  expect(await readConfigFile(file)).toMatchObject({ modules_info: word });
});
