import { existsSync, statSync } from 'node:fs';
import { Flags } from '@oclif/core';
import { givenPdfPassword } from '../runtime/config/environment.js';
import { parsePageSelection } from '../runtime/document/page-selection.js';
import { isPattern } from '../runtime/inputs/pattern.js';
import { outputFormats, type OutputFormat } from '../runtime/outputs/output-format.js';
import { parseOutputPlace } from './_output-place.js';

/* The flags that `run` and `predict` share. */

export const imagePathHelp =
  'a picture or a PDF file, a folder, a pattern such as "scans/*.jpg", or - for standard input; several may follow';

/** How files are read. */
export const readingFlags = {
  field: Flags.string({
    description: 'what a request says beside its file: det_limit_side_len=1280; several may follow',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME=VALUE',
  }),
  pages: Flags.string({
    description: 'pages to read: 1-3,7 or 5- [default: all; of an animated picture the first]',
    helpValue: 'PAGES',
  }),
  password: Flags.string({
    description: 'opens encrypted PDF files; or set OCRHUB_PDF_PASSWORD, which the list of processes does not show',
  }),
  dpi: Flags.integer({
    description: 'pixels an inch of a rendered PDF page [default: those of a scan, otherwise 200]',
    min: 36,
    max: 1200,
  }),
  use_text_layer: Flags.boolean({
    aliases: ['use-text-layer'],
    description: 'take the text that a PDF page holds itself, where it has any',
  }),
};

/** Where results go. */
export const outputFlags = {
  format: Flags.custom<OutputFormat>({
    char: 'f',
    description: 'write the results in this format; jsonl: a JSON object a line for each file, as it comes',
    options: [...outputFormats],
    helpValue: 'FORMAT',
  })(),
  output: Flags.string({
    char: 'o',
    description: 'file, or folder for several files [default: standard output]; its extension names the format',
    helpValue: 'FILE|FOLDER',
    parse: parseOutputPlace,
  }),
  paragraphs: Flags.boolean({ description: 'join the lines of the format text to paragraphs' }),
  resume: Flags.boolean({
    description: 'skip files whose output exists; with jsonl, those in the output',
    dependsOn: ['output'],
  }),
  visualize: Flags.string({
    description:
      'draw the lines into a copy of each page, beside its file (page.lines.png); or, with a value, in that folder',
    helpValue: '[FOLDER]',
  }),
};

/**
 * The fields of a request for documents, by the flags that set them.
 *
 * @throws OcrHubError `value_invalid`
 */
export function documentFields(flags: DocumentFlags): DocumentFields {
  const { pages, password = givenPdfPassword(), dpi, use_text_layer, paragraphs } = flags;
  if (pages !== undefined) parsePageSelection(pages, '--pages');
  return {
    ...(pages === undefined ? {} : { pages }),
    ...(password === undefined ? {} : { password }),
    ...(dpi === undefined ? {} : { dpi }),
    ...(use_text_layer ? { use_text_layer } : {}),
    ...(paragraphs ? { paragraphs } : {}),
  };
}

export interface DocumentFields {
  readonly pages?: string;
  readonly password?: string;
  readonly dpi?: number;
  readonly use_text_layer?: boolean;
  readonly paragraphs?: boolean;
}

interface DocumentFlags {
  readonly pages: string | undefined;
  readonly password: string | undefined;
  readonly dpi: number | undefined;
  readonly use_text_layer: boolean;
  readonly paragraphs: boolean;
}

/**
 * Rewrites a `--visualize` without a folder to one with an empty value, because oclif's flags always have one. The next
 * word is no folder if it is a flag, a file or a pattern.
 */
export function allowBareVisualize(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => {
    if (word !== '--visualize' || (end !== -1 && i > end)) return word;
    const next = argv[i + 1];
    const isFolder = next !== undefined && !next.startsWith('-') && !isPattern(next) && !isFile(next);
    return isFolder ? word : '--visualize=';
  });
}

function isFile(word: string): boolean {
  return existsSync(word) && !statSync(word).isDirectory();
}
