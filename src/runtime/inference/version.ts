import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The engine's version, without loading its machine code. */
export async function engineVersion(): Promise<string> {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
