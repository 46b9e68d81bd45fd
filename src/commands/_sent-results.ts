import type { Answer, HubAnswer } from '../runtime/client/send.js';
import type { RequestFields } from '../runtime/client/request-body.js';
import type { FormatName } from '../runtime/document/formats/formats.js';
import { entryToRows } from '../runtime/document/formats/text.js';
import type { PageAnswer } from '../runtime/outputs/draw.js';
import type { DrawingName } from '../runtime/outputs/drawing-names.js';
import { parseField } from '../runtime/values/assignments.js';
import type { DocumentFields } from './_file-flags.js';
import { printableLine } from './_printable.js';
import { describeDrawn, drawAnswer, type Drawn } from './_drawings.js';

/** What `predict` prints of a file with `--json`. */
export interface SentResult extends Drawn {
  readonly file: string;
  readonly ms: number;
  /** Left out if the server answered with a file. */
  readonly response?: HubAnswer;
  readonly output?: string;
}

/**
 * The fields of each request.
 *
 * @param fields the values of `--field`
 * @throws OcrHubError `value_invalid`
 */
export function requestFields(
  fields: readonly string[],
  document: DocumentFields,
  format: FormatName | undefined,
): RequestFields {
  const typed = fields.map((text) => [parseField(text).name, text.slice(text.indexOf('=') + 1)]);
  const texts = Object.entries(document).map(([name, value]: [string, unknown]) => [name, String(value)]);
  return {
    fields: Object.fromEntries(typed) as Record<string, string>,
    document: { ...(Object.fromEntries(texts) as Record<string, string>), ...(format === undefined ? {} : { format }) },
  };
}

export async function toSentResult(
  { input, ms, bytes, response }: Answer,
  drawing: DrawingName | undefined,
  password: string | undefined,
): Promise<SentResult> {
  const result = { file: input.file, ms, ...(response === undefined ? {} : { response }) };
  if (drawing === undefined || response === undefined) return result;
  return { ...result, ...(await drawAnswer(input, bytes, answeredPages(response), { name: drawing, password })) };
}

export function pageCountOf({ response }: Answer): number {
  return response?.pages?.[0]?.length ?? 1;
}

/** A picture has no `pages`; its only page has the size of the file. */
function answeredPages({ results, pages }: HubAnswer): PageAnswer[] {
  const document = pages?.[0] ?? undefined;
  if (document === undefined) return [{ number: 1, entry: Array.isArray(results) ? results.flat() : [] }];
  return document.map(({ page, result, ...size }) => ({ number: page, ...size, entry: result }));
}

export function describeSent({ file, ms, response, ...result }: SentResult): string {
  const rows = response === undefined ? [] : answerRows(response);
  return [
    `${printableLine(file)}  ${ms.toFixed(0)} ms`,
    ...[...rows, ...describeDrawn(result)].map((row) => `  ${row}`),
  ].join('\n');
}

function answerRows({ results, pages }: HubAnswer): string[] {
  const document = pages?.[0] ?? undefined;
  if (document === undefined) return entryToRows(Array.isArray(results) ? results.flat() : results);
  return document.flatMap(({ page, result }) => [`page ${page}`, ...entryToRows(result)]);
}
