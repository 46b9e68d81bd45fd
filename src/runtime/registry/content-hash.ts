import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegularBytes } from '../files/read-regular.js';
import { bundleName } from '../module/load.js';

/**
 * Returns the first 16 hex digits of the SHA-256 of a copy's code, the files beside it and its config.json. The hash is the
 * name of the copy's folder, so it shows whether a copy was edited.
 */
export async function contentHash(copy: string): Promise<string> {
  const excluded = [bundleName, `${bundleName}.map`, 'config.json'];
  const files = (await readdir(copy, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(copy, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    // Ignores hidden files such as .DS_Store.
    .filter((file) => !/(^|\/)\./.test(file));
  const hash = createHash('sha256').update(await readRegularBytes(path.join(copy, bundleName)));
  for (const file of files.filter((name) => !excluded.includes(name)).sort()) {
    hash.update(file);
    for await (const chunk of createReadStream(path.join(copy, file))) hash.update(chunk as Buffer);
  }
  if (files.includes('config.json')) hash.update(await readRegularBytes(path.join(copy, 'config.json')));
  return hash.digest('hex').slice(0, 16);
}
