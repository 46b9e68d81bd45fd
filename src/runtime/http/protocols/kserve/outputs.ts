import { OcrHubError } from '../../../errors/error.js';
import type { PredictAnswer } from '../../../service/contract.js';
import { toPage, type PageLine } from '../../../document/page.js';

/** An output that a request names. */
export interface WantedOutput {
  readonly name: string;
  /** Undefined: as the request says for all outputs. */
  readonly isBinary: boolean | undefined;
}

export interface OutputTensor {
  readonly name: string;
  readonly datatype: 'BYTES' | 'FP32' | 'INT32';
  readonly shape: readonly number[];
  /** Flat. Texts of BYTES. */
  readonly values: readonly (string | number)[];
}

/** The outputs for a module that answers lines, each with an item for each line of all pictures. */
export const lineOutputs = {
  boxes: { datatype: 'FP32', shape: [-1, 4, 2] },
  txts: { datatype: 'BYTES', shape: [-1] },
  scores: { datatype: 'FP32', shape: [-1] },
  image_index: { datatype: 'INT32', shape: [-1] },
  page_number: { datatype: 'INT32', shape: [-1] },
} as const;

/** The output that every module has: its answer for each file as JSON text. */
export const resultsOutput = { results: { datatype: 'BYTES', shape: [-1] } } as const;

export const outputNames: readonly string[] = [...Object.keys(lineOutputs), ...Object.keys(resultsOutput)];

/** The name of the only output of a wrapped request. */
export const wrappedOutputName = 'output';

/**
 * The outputs that a request names; else those of the lines, or of a module without lines its results.
 *
 * @throws OcrHubError `lines_missing`
 */
export function outputsOf(
  answer: PredictAnswer,
  wanted: readonly WantedOutput[] | undefined,
  module: string,
): OutputTensor[] {
  const lines = linesOf(answer);
  const names = wanted?.map(({ name }) => name) ?? Object.keys(lines === undefined ? resultsOutput : lineOutputs);
  return names.map((name) => {
    if (name === 'results') return resultsOf(answer);
    if (lines === undefined) throw new OcrHubError('lines_missing', { module });
    return outputOfLines[name as keyof typeof lineOutputs](lines);
  });
}

interface PlacedLine extends PageLine {
  /** From 0. */
  readonly file: number;
  /** From 1. */
  readonly page: number;
}

/** The lines of all files; undefined if an entry is no list of lines. */
function linesOf({ files }: PredictAnswer): PlacedLine[] | undefined {
  const lines: PlacedLine[] = [];
  for (const [index, file] of files.entries()) {
    for (const { entry = 'null', number, width, height } of file?.pages ?? []) {
      const page = toPage({ width, height }, JSON.parse(entry));
      if (page === undefined) return undefined;
      lines.push(...page.lines.map((line) => ({ ...line, file: index, page: number })));
    }
  }
  return lines;
}

type LinesOutput = (lines: readonly PlacedLine[]) => OutputTensor;

const outputOfLines: Readonly<Record<keyof typeof lineOutputs, LinesOutput>> = {
  boxes: (lines) => ({
    name: 'boxes',
    datatype: 'FP32',
    shape: [lines.length, 4, 2],
    values: lines.flatMap(({ text_region }) => text_region.flat()),
  }),
  txts: (lines) => list('txts', 'BYTES', lines.map(({ text }) => text)), // prettier-ignore
  scores: (lines) => list('scores', 'FP32', lines.map(({ confidence }) => confidence)), // prettier-ignore
  image_index: (lines) => list('image_index', 'INT32', lines.map(({ file }) => file)), // prettier-ignore
  page_number: (lines) => list('page_number', 'INT32', lines.map(({ page }) => page)), // prettier-ignore
};

function resultsOf({ results }: PredictAnswer): OutputTensor {
  return list('results', 'BYTES', results.kind === 'entries' ? results.entries : [results.json]);
}

function list(name: string, datatype: OutputTensor['datatype'], values: OutputTensor['values']): OutputTensor {
  return { name, datatype, shape: [values.length], values };
}
