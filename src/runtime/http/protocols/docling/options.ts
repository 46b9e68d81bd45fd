import { check, z } from '../../../values/check.js';

const flag = z.boolean('expected true or false').nullish();
const text = z.string('expected a text').nullish();
const names = z.array(z.string('expected a text')).nullish();
const number = z.number('expected a number').nullish();

/** Those of which an answer has content; the others are null. */
const formats = ['md', 'text', 'json', 'html', 'html_split_page', 'doctags', 'vtt'] as const;

/** It is in the answer once for each page, and a job remembers it. */
const maxPlaceholder = 1000;

/** The options of docling-serve. What is said to make no difference is about parts that pages of lines do not have. */
export const convertOptions = z.strictObject({
  from_formats: names.describe('No difference: the server looks at the file itself.'),
  to_formats: z
    .array(z.enum(formats, `expected some of ${formats.join(', ')}`))
    .nullish()
    .describe('md and text have content; the content of others is null.'),
  image_export_mode: z
    .enum(['placeholder', 'embedded', 'referenced'], 'expected placeholder, embedded or referenced')
    .nullish()
    .describe('No difference: there are no pictures.'),
  do_ocr: flag.describe('false: take the text that a PDF page holds itself, where it has any.'),
  force_ocr: flag.describe('true: read all pages, also those with a text.'),
  ocr_engine: text.describe('No difference: the served module reads.'),
  ocr_preset: text.describe('No difference.'),
  ocr_lang: names.describe('No difference: the models read the languages of their set.'),
  pdf_backend: text.describe('No difference.'),
  pipeline: text.describe('No difference.'),
  table_mode: text.describe('No difference: there are no tables.'),
  table_cell_matching: flag.describe('No difference.'),
  page_range: z.tuple([z.int().min(1), z.int().min(1)], 'expected the first and the last page').nullish(),
  document_timeout: number.describe('No difference: the server has a timeout of its own.'),
  abort_on_error: flag.describe('No difference: an error of one file is the error of the request.'),
  do_table_structure: flag.describe('No difference.'),
  include_images: flag.describe('No difference: there are no pictures.'),
  images_scale: number.describe('No difference.'),
  md_page_break_placeholder: z
    .string('expected a text')
    .max(maxPlaceholder, `expected at most ${maxPlaceholder} characters`)
    .nullish()
    .describe('Stands between two pages.'),
  do_code_enrichment: z.literal(false, 'this step is not there; expected false').nullish(),
  do_formula_enrichment: z.literal(false, 'this step is not there; expected false').nullish(),
  do_picture_classification: z.literal(false, 'this step is not there; expected false').nullish(),
  do_picture_description: z.literal(false, 'this step is not there; expected false').nullish(),
  do_chart_extraction: z.literal(false, 'this step is not there; expected false').nullish(),
  target_type: z.literal('inbody', 'expected inbody').nullish(),
  return_as_file: z.literal(false, 'expected false').nullish(),
});

export type ConvertOptions = z.output<typeof convertOptions>;

/** @throws OcrHubError `key_unknown`, `value_invalid` */
function readOptions(given: unknown): ConvertOptions {
  return check(convertOptions, given, 'The options', { noun: 'option' });
}

/**
 * The options of a form, where a list is a part for each item.
 *
 * @throws OcrHubError `key_unknown`, `value_invalid`
 */
export function readFormOptions(texts: readonly (readonly [name: string, text: string])[]): ConvertOptions {
  const given = new Map<string, unknown>();
  for (const [name, value] of texts) {
    const before = (given.get(name) as unknown[] | undefined) ?? [];
    given.set(name, lists.includes(name) ? [...before, typed(name, value)] : typed(name, value));
  }
  return readOptions(Object.fromEntries(given));
}

const lists: readonly string[] = ['from_formats', 'to_formats', 'ocr_lang', 'page_range'];
const numbers: readonly string[] = ['page_range', 'document_timeout', 'images_scale'];

function typed(name: string, value: string): unknown {
  if (numbers.includes(name) && value.trim() !== '') return Number(value);
  return value === '' ? null : (flags.get(value.toLowerCase()) ?? value);
}

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
