// A picture's path a line on stdin, a JSON object a line on stdout: what a process under measurement speaks.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/**
 * Says that the models are loaded, then answers one line after another.
 *
 * @param read Bytes of a picture file to the lines read, or to an object that holds them as `texts` and more.
 * @param ready `versions`: package to version; `detector`: the size rule of the detector, in words.
 */
export async function serve(read, ready) {
  answer({ ready });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const result = await read(await readFile(line));
      answer(Array.isArray(result) ? { texts: result } : result);
    } catch (error) {
      answer({ error: String(error) });
    }
  }
}

function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
