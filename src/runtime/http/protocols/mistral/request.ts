import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import type { Files } from '../../../jobs/files.js';
import type { RequestFile } from '../../../service/contract.js';
import { check, z } from '../../../values/check.js';
import { decodeBase64 } from '../../body/base64.js';
import { parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';
import { findFile, signedFile } from './kept-files.js';

/** A request in one line. */
export const requestForm = '{"model": "...", "document": {"type": "document_url", "document_url": "..."}}';

const url = z.string('expected an address');
const flag = z.boolean('expected true or false').nullish();
const nothing = (problem: string) => z.null(problem).optional();
const annotations = nothing('there are no annotations; expected null');

export const ocrRequest = z.strictObject({
  model: z.string('expected a text').nullish().describe('Is in the answer; the served module reads.'),
  id: z.string('expected a text').nullish(),
  document: z.discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('document_url'),
        document_url: url,
        document_name: z.string('expected a text').nullish(),
      }),
      z.strictObject({
        type: z.literal('image_url'),
        image_url: z.union([url, z.strictObject({ url, detail: z.string().nullish() })], 'expected an address'),
      }),
      z.strictObject({ type: z.literal('file'), file_id: z.string('expected the id of a file') }),
    ],
    'expected an object with the type document_url, image_url or file',
  ),
  pages: z
    .union([z.string(), z.array(z.int().min(0))], 'expected page numbers from 0, as a list or as text such as 0-2,5')
    .nullish(),
  include_image_base64: flag.describe('No difference: pages hold no pictures.'),
  image_limit: z.int('expected a number').nullish().describe('No difference: pages hold no pictures.'),
  image_min_size: z.int('expected a number').nullish().describe('No difference: pages hold no pictures.'),
  bbox_annotation_format: annotations,
  document_annotation_format: annotations,
  document_annotation_prompt: annotations,
  table_format: z
    .enum(['markdown', 'html'], 'expected markdown, html or null')
    .nullish()
    .describe('No difference: there are no tables.'),
  extract_header: z.literal(false, 'headers are not told apart; expected false').nullish(),
  extract_footer: z.literal(false, 'footers are not told apart; expected false').nullish(),
  include_blocks: flag.describe('A block for each paragraph.'),
  confidence_scores_granularity: z.literal('page', 'expected page or null').nullish(),
});

export interface MistralRequest extends ParsedRequest {
  readonly model: string;
  readonly blocks: boolean;
  readonly scores: boolean;
}

/**
 * The file may come as a data address or as base64 alone, as the address that was given for an uploaded file, by the id of one, or at another
 * address.
 *
 * @throws OcrHubError `request_malformed`, `request_not_object`, `key_unknown`, `value_invalid`, `image_not_base64`, `job_unknown`
 */
export async function parseOcr(body: Uint8Array, files: Files): Promise<MistralRequest> {
  const given = check(ocrRequest, parseJsonObject(body, requestForm), 'The request', { noun: 'field' });
  const source = await sourceOf(given.document, files);
  const pages = given.pages === undefined || given.pages === null ? {} : { pages: fromOne(given.pages) };
  return {
    ...source,
    fields: pages,
    model: given.model ?? 'ocrhub',
    blocks: given.include_blocks === true,
    scores: given.confidence_scores_granularity === 'page',
  };
}

type Source = z.output<typeof ocrRequest>['document'];

async function sourceOf(document: Source, files: Files): Promise<Pick<ParsedRequest, 'files' | 'urls'>> {
  if (document.type === 'file') return { files: [await contentOf(document.file_id, files)] };
  const [field, given] =
    document.type === 'document_url'
      ? (['document_url', document.document_url] as const)
      : (['image_url', typeof document.image_url === 'string' ? document.image_url : document.image_url.url] as const);
  if (!/^\s*[a-z][a-z\d+.-]*:\/\//i.test(given)) return { files: [{ name: '', bytes: decodeBase64(given, field) }] };
  const own = await signedFile(given, files);
  if (own !== undefined) return { files: [await contentOf(own.id, files)] };
  return { files: [], urls: [given] };
}

async function contentOf(id: string, files: Files): Promise<RequestFile> {
  const file = await findFile(id, files);
  return { name: file.name, bytes: await files.contentOf(file) };
}

/** Mistral counts pages from 0. */
function fromOne(pages: string | readonly number[]): string {
  if (typeof pages !== 'string') return pages.map((page) => page + 1).join(',');
  return pages.replaceAll(/\d+/g, (page) => String(Number(page) + 1));
}

/** The fields of an upload. */
export const uploadFields = z.strictObject({
  purpose: z.literal('ocr', 'expected ocr').nullish(),
  expiry: z
    .string()
    .regex(/^\d{1,6}$/, 'expected a number of hours')
    .transform(Number)
    .optional()
    .describe('Hours for which the file is kept, if --keep_jobs of the server is not shorter.'),
  visibility: z.enum(['workspace', 'user'], 'expected workspace or user').optional().describe('No difference.'),
});

/** @throws OcrHubError `value_invalid` */
export function hoursOf(request: Request): number {
  const query = z.strictObject({
    expiry: z.coerce
      .number('expected hours from 0 to 8760')
      .min(0)
      .max(24 * 365)
      .default(24),
  });
  return check(query, request.query, 'The query', { noun: 'parameter' }).expiry;
}

/** @throws OcrHubError `request_malformed` */
export function uploadOf(form: {
  readonly texts: readonly (readonly [string, string])[];
}): z.output<typeof uploadFields> {
  const names = form.texts.map(([name]) => name);
  if (new Set(names).size < names.length) {
    throw new OcrHubError('request_malformed', {
      problem: 'a part is there twice',
      expected: 'a form with purpose and file',
    });
  }
  return check(uploadFields, Object.fromEntries(form.texts), 'The form', { noun: 'part' });
}
