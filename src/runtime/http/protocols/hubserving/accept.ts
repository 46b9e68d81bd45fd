import type { Request } from 'express';
import { formats, type FormatName } from '../../../document/formats/formats.js';

/** The formats with a media type of their own. `alto` and `page` share XML's. */
const ownType: readonly FormatName[] = ['text', 'markdown', 'tsv', 'pdf', 'png', 'docx'];

/** The media types that stand for one format. Browsers accept text/html everywhere, so hOCR has another one. */
const formatOfType: Readonly<Record<string, FormatName>> = {
  ...Object.fromEntries(ownType.map((name) => [formats[name].contentType.replace(/;.*/, ''), name])),
  'text/vnd.hocr+html': 'hocr',
};

/** The format that the header Accept prefers; undefined for HubServing's JSON and for anything else. */
export function acceptedFormat(request: Request): FormatName | undefined {
  const type = request.accepts(['application/json', ...Object.keys(formatOfType)]);
  return type === false ? undefined : formatOfType[type];
}
