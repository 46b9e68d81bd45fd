import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { inspectBundle } from '../../src/runtime/registry/inspect.js';
import { root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

/** Code that lists the native libraries of its process. */
const libraries = `(process.report.excludeNetwork = true, process.report.getReport().sharedObjects.join(' '))`;

async function librariesAfter(code: string): Promise<string> {
  const program = `import * as ocrhub from 'ocrhub'; ${code}; console.log(${libraries});`;
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: root })).stdout;
}

it('importing "ocrhub" loads neither sharp nor onnxruntime; the first picture and the first model do', async () => {
  const none = await librariesAfter('');
  expect(none).not.toMatch(/sharp|onnxruntime/);
  const picture = await librariesAfter('await ocrhub.encodePng({ width: 1, height: 1, data: new Uint8Array(3) })');
  expect(picture).toMatch(/sharp/);
  expect(picture).not.toMatch(/onnxruntime/);
  expect(await librariesAfter('await ocrhub.Classifier.create()')).toMatch(/onnxruntime/);
});

it('the process in which install inspects a module loads neither sharp nor onnxruntime', async () => {
  const folder = await temporaryFolder();
  const bundle = path.join(folder, 'bundle.mjs');
  await writeFile(
    bundle,
    `export default { name: 'probe', version: '1.0.0', summary: ${libraries}, predict: () => [] };`,
  );
  const { summary } = await inspectBundle(bundle, folder);
  // The list is not empty: it holds the libraries that every process of Node has.
  expect(summary).not.toBe('');
  expect(summary).not.toMatch(/sharp|onnxruntime/);
});
