import type { Request } from 'express';
import type { FormatName } from '../../document/formats/formats.js';

/** The media types that stand for one format. XML stands for two, and a browser's HTML for none. */
const formatOfType: Readonly<Record<string, FormatName>> = {
  'text/plain': 'text',
  'text/markdown': 'markdown',
  'text/tab-separated-values': 'tsv',
  'text/vnd.hocr+html': 'hocr',

  'application/pdf': 'pdf',
  'image/png': 'png',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
};

/** The format that the header Accept prefers; undefined for HubServing's JSON and for anything else. */
export function acceptedFormat(request: Request): FormatName | undefined {
  const type = request.accepts(['application/json', ...Object.keys(formatOfType)]);
  return type === false ? undefined : formatOfType[type];
}
