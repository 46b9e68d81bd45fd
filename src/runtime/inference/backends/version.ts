import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The version of onnxruntime, read without loading its native code. */
export async function engineVersion(): Promise<string> {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
