import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDocument } from '../../src/runtime/document/open.js';
import type { SystemOverlay } from '../../src/runtime/ocr/params.js';
import type { TextSystem } from '../../src/runtime/ocr/text-system.js';

/** A picture file, and the texts of its lines in reading order. */
export interface GivenPicture {
  /** A kind and a number, such as `tiny-3`. */
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly expected: readonly string[];
  /** Fields of the request. */
  readonly fields: SystemOverlay;
}

/** The pictures of a folder that have a NAME.json `{expected, request_fields?}` beside them, by name; none without a folder. */
export function givenPictures(folder: string): GivenPicture[] {
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  return files
    .filter((file) => file.endsWith('.json'))
    .map((json) => {
      const { name } = path.parse(json);
      const picture = files.find((file) => path.parse(file).name === name && file !== json);
      if (picture === undefined) throw new Error(`${path.join(folder, json)} has no picture beside it`);
      const { expected, request_fields: fields = {} } = JSON.parse(readFileSync(path.join(folder, json), 'utf8')) as {
        expected: string[];
        request_fields?: SystemOverlay;
      };
      return { name, kind: name.replace(/-\d+$/, ''), file: path.join(folder, picture), expected, fields };
    });
}

/** The texts of all pages of a picture. */
export async function textsOf(system: TextSystem, { file, fields }: GivenPicture): Promise<string[]> {
  const document = await openDocument(readFileSync(file));
  const texts: string[] = [];
  for await (const { image } of document.pages())
    texts.push(...(await system.read(image, fields)).map(({ text }) => text));
  document.close();
  return texts;
}
