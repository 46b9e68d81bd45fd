import { OcrHubError, type ErrorDetails } from '../../errors/error.js';
import type { Reference } from '../plan/reference.js';

/** What became of a page. Each page of a finished run has exactly one. */
export type ResultLine = ReadLine | FailedLine;

interface PageLine {
  readonly id: string;
  readonly src: string;
  readonly page: number;
  /** Milliseconds of the request, divided by its pages. */
  readonly ms: number;
}

export interface ReadLine extends PageLine {
  readonly status: 'ok';
  /** Pixels, upright as the file says. */
  readonly width: number;
  readonly height: number;
  readonly dpi?: number | undefined;
  /** The module's answer for the page. */
  readonly result: unknown;
}

export interface FailedLine extends PageLine {
  readonly status: 'error';
  readonly error: Failure;
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A page that a worker began and may not have survived, in what is kept of a unit. */
export interface TriedLine {
  readonly id: string;
  readonly status: 'trying';
  readonly tries: number;
}

export function failedLine({ id, src, page }: Reference, error: Failure | OcrHubError, ms = 0): FailedLine {
  return {
    id,
    src,
    page,
    status: 'error',
    error: OcrHubError.is(error) ? failureOf(error) : error,
    ms: Math.round(ms),
  };
}

/** A request of one file that cannot be read fails as a whole; this is what is wrong with the file. */
function failureOf(error: OcrHubError): Failure {
  const { unreadable: [file] = [] } = error.details as Partial<ErrorDetails<'no_image_readable'>>;
  return file === undefined ? { code: error.code, message: error.message } : { code: file.code, message: file.reason };
}

export function toJsonLines(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

export function parseJsonLines<T>(content: Buffer): T[] {
  const text = content.toString();
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as T);
}
