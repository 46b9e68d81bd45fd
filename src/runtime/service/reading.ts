import { formatNames, formats, type FormatName } from '../document/formats/formats.js';
import { parsePageSelection } from '../document/page-selection.js';
import { OcrHubError } from '../errors/error.js';
import { check, z, type KeyNaming } from '../values/check.js';
import type { ObjectSchema } from '../values/json-schema.js';

/** How the pages of documents are read. */
export type ReadingOptions = z.output<typeof readingSchema>;

/** The file that the answer is written as. */
export interface OutputOptions {
  readonly format: FormatName;
  /** Joins the lines of `text` to paragraphs. */
  readonly paragraphs: boolean;
}

/** A small JPEG picture of each page, with an outline around each line; always a ZIP archive. Only protocols ask for it. */
export interface Previews {
  readonly format: 'previews';
}

const selection = z.string().refine(isPageSelection, { error: 'expected page numbers such as 1-3,7 or 5-' });

const readingSchema = z.strictObject({
  pages: selection
    .optional()
    .describe('pages to read, such as 1-3,7 or 5-; default: all, of an animated picture the first'),
  password: z.string().max(127).optional().describe('opens an encrypted PDF file'),
  dpi: z
    .number()
    .min(36)
    .max(1200)
    .optional()
    .describe('pixels an inch of a rendered PDF page; default: those of a scan, otherwise 200'),
  use_text_layer: z.boolean().optional().describe('take the text that a PDF page holds itself, where it has any'),
  page_pictures: z
    .boolean()
    .optional()
    .describe('answer a JPEG picture of each page too, as it was read; not with a format'),
});

const outputSchema = z.strictObject({
  format: z.enum(formatNames).optional().describe('the answer as a file of this format'),
  paragraphs: z.boolean().optional().describe('join the lines of the format text to paragraphs'),
});

const documentSchema = readingSchema.extend(outputSchema.shape);

/** The fields that every module takes for documents. A module's own field of the same name comes first. */
export const documentFieldNames = Object.keys(documentSchema.shape);

/** Those that take text. */
export const textFieldNames: readonly string[] = ['pages', 'password', 'format'];

export const documentFieldsSchema = z.toJSONSchema(documentSchema, { io: 'input' }) as {
  readonly properties: Readonly<Record<string, object>>;
};

type Values = Readonly<Record<string, unknown>>;

export interface SplitFields {
  /** The module's own. */
  readonly fields: Values;
  readonly reading: ReadingOptions;
  readonly output: OutputOptions | undefined;
}

/**
 * Parts the fields of a request into the module's own and those for documents.
 *
 * @param own names of the module's fields
 * @param subject the source of the values, for the message
 * @throws OcrHubError `value_invalid`
 */
export function splitFields(fields: Values, own: readonly string[], subject: string, naming?: KeyNaming): SplitFields {
  const names = documentFieldNames.filter((name) => !own.includes(name));
  const rest = Object.entries(fields).filter(([name]) => !names.includes(name));
  const given = Object.entries(fields)
    .filter(([name]) => names.includes(name))
    // `"pages": 3` in JSON.
    .map(([name, value]) => [name, name === 'pages' && typeof value === 'number' ? String(value) : value]);
  const { format, paragraphs = false, ...reading } = check(documentSchema, Object.fromEntries(given), subject, naming);
  if (format !== undefined && reading.page_pictures === true) {
    const problem = 'an answer in a format has no pictures of the pages';
    throw new OcrHubError('value_invalid', { subject, key: 'page_pictures', value: true, problem });
  }
  return { fields: Object.fromEntries(rest), reading, output: format && { format, paragraphs } };
}

/** A format that shows the places of words turns on `return_word_box`, where the module has it and the request does not say. */
export function withWordBoxes(fields: Values, format: FormatName | undefined, { properties }: ObjectSchema): Values {
  const addsWords = format !== undefined && formats[format].needsWords && 'return_word_box' in properties;
  return addsWords ? { return_word_box: true, ...fields } : fields;
}

function isPageSelection(text: string): boolean {
  try {
    parsePageSelection(text);
    return true;
  } catch {
    return false;
  }
}
