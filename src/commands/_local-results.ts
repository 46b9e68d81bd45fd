import { entryToRows, pageToRows } from '../runtime/document/formats/text.js';
import { toPage } from '../runtime/document/page.js';
import { OcrHubError } from '../runtime/errors/error.js';
import { nameOf, readInput, type Input } from '../runtime/inputs/input.js';
import type { DrawingName } from '../runtime/outputs/drawing-names.js';
import type { AnsweredPage } from '../runtime/service/contract.js';
import type { ReadingOptions } from '../runtime/service/reading.js';
import type { LocalModule } from '../runtime/worker/local-module.js';
import { toFailure } from './_base.js';
import { describeDrawn, drawAnswer, type Drawn } from './_drawings.js';
import type { FileResults } from './_file-results.js';
import { printableLine } from './_printable.js';

/** What `run` prints of a file with `--json`. Only a file of several pages has `pages`. */
export interface LocalResult extends Drawn {
  readonly file: string;
  readonly ms: number;
  readonly stages: Readonly<Record<string, number>>;
  /** The module's answer. */
  readonly result?: unknown;
  readonly pages?: readonly LocalPage[];
  readonly output?: string;
}

interface LocalPage {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly dpi?: number | undefined;
  readonly result: unknown;
}

export interface LocalReader {
  readonly service: LocalModule;
  readonly results: FileResults<LocalResult>;
  readonly reading: ReadingOptions;
  readonly paragraphs: boolean;
}

/**
 * Reads a file in this process and hands the result over. A file that fails becomes a failure.
 *
 * @throws OcrHubError with exit code 2: what is wrong with a flag is wrong for every file
 */
export async function readLocally(input: Input, reader: LocalReader, drawing: DrawingName | undefined): Promise<void> {
  const { service, results, reading, paragraphs } = reader;
  try {
    const bytes = await readInput(input);
    const { ms, stages, pages } = await service.read(bytes, (done, total) => {
      results.interrupt.check();
      results.bar.page(done, total);
    });
    const { format } = results;
    const written =
      format === undefined ? undefined : await service.write({ format, paragraphs }, nameOf(input), bytes, pages);
    const answered = pages.map(({ entry = 'null', ...size }) => ({ ...size, entry: JSON.parse(entry) as unknown }));
    const drawn = drawing === undefined ? {} : await drawAnswer(input, bytes, answered, { name: drawing, ...reading });
    const answer = format === undefined ? answerOf(answered) : {};
    const result: LocalResult = { file: input.file, ms, stages, ...answer, ...drawn };
    await results.add(input, result, { describe: () => describe(result, answered), written, pages: pages.length });
  } catch (error) {
    if (!OcrHubError.is(error) || error.exitCode === 2) throw error;
    results.fail(toFailure(input.file, error));
  }
}

type ParsedPage = Omit<AnsweredPage, 'entry'> & { readonly entry: unknown };

function answerOf(pages: readonly ParsedPage[]): Pick<LocalResult, 'result' | 'pages'> {
  const [only, ...others] = pages;
  if (only !== undefined && others.length === 0) return { result: only.entry };
  return { pages: pages.map(({ number, entry, ...size }) => ({ page: number, ...size, result: entry })) };
}

function describe({ file, ms, stages, ...result }: LocalResult, pages: readonly ParsedPage[]): string {
  // Only programs get the recognition's time under its old name too.
  const current = Object.entries(stages).filter(([stage]) => stage !== 'recognise');
  const times = current.map(([stage, time]) => `${stage} ${time.toFixed(0)}`);
  const rows = pages.flatMap(({ entry, ...page }) => {
    const read = toPage(page, entry);
    const lines = read === undefined ? entryToRows(entry) : pageToRows(read);
    return [...(pages.length === 1 ? [] : [`page ${page.number} of ${pages.length}`]), ...lines];
  });
  const all = [...rows, ...describeDrawn(result)];
  return [`${printableLine(file)}  ${ms.toFixed(0)} ms (${times.join(', ')})`, ...all.map((row) => `  ${row}`)].join(
    '\n',
  );
}
