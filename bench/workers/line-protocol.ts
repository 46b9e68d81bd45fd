import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Ready, Region } from '../systems/system-process.js';

/**
 * The protocol of a process under measurement: the path of a picture a line on stdin, a JSON object a line on stdout.
 * Says that the models are loaded, then answers one line after another.
 *
 * @param read turns the bytes of a picture file into the lines read, and their boxes if they are known
 */
export async function serve(
  read: (picture: Buffer) => Promise<{ readonly texts: readonly string[]; readonly boxes?: readonly Region[] }>,
  ready: Ready,
): Promise<void> {
  answer({ ready });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      answer(await read(await readFile(line)));
    } catch (error) {
      answer({ error: String(error) });
    }
  }
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
