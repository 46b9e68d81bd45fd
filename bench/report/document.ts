import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import prettier from 'prettier';

/** Puts Markdown between `<!-- NAME begins -->` and `<!-- NAME ends -->` of a document, and formats the whole. */
export async function writePart(file: string, name: string, markdown: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [begins, ends] = [`<!-- ${name} begins -->`, `<!-- ${name} ends -->`];
  const [start, end] = [text.indexOf(begins), text.indexOf(ends)];
  if (start < 0 || end < start) throw new Error(`${file} has no part between ${begins} and ${ends}`);
  await writeFormatted(file, `${text.slice(0, start + begins.length)}\n\n${markdown}\n\n${text.slice(end)}`);
}

/** Writes a file formatted by prettier. */
export async function writeFormatted(file: string, text: string): Promise<void> {
  const options = await prettier.resolveConfig(file);
  await writeFile(file, await prettier.format(text, { ...options, filepath: path.resolve(file) }));
}
