import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleName } from '../module/load.js';

/**
 * First 16 hex digits of the SHA-256 over a copy's code, its author's files and its config.json: the same content gets
 * the same name, and a copy that was edited by hand does not go by its name any more.
 */
export async function contentHash(copy: string): Promise<string> {
  const apart = [bundleName, `${bundleName}.map`, 'config.json'];
  const files = (await readdir(copy, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(copy, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    // What a file manager leaves behind is nobody's edit.
    .filter((file) => !/(^|\/)\./.test(file));
  const hash = createHash('sha256').update(await readFile(path.join(copy, bundleName)));
  for (const file of files.filter((name) => !apart.includes(name)).sort())
    hash.update(file).update(await readFile(path.join(copy, file)));
  if (files.includes('config.json')) hash.update(await readFile(path.join(copy, 'config.json')));
  return hash.digest('hex').slice(0, 16);
}
