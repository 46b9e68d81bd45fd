import { randomBytes, timingSafeEqual } from 'node:crypto';
import { OcrHubError, type SerializedError } from '../errors/error.js';
import type { AnsweredFile, PredictAnswer, RequestFile, ServiceRequest } from '../service/contract.js';

/*
 * The parts of a job in a store:
 *
 *   head.json     what the job is       request.json, file-<n>   what is read; removed when the job is finished
 *   answer.json   what was read         output                   the file that was asked for
 *   outcome.json  written last: the job is finished
 */

/** A job as its protocol sees it. */
export interface Job extends JobHead {
  readonly id: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
  /** Why it failed. */
  readonly error: OcrHubError | undefined;
}

export interface JobHead {
  /** The servers on this port work on it, unless the store is shared. */
  readonly port: number;
  /** Id of the request that made the job. */
  readonly requestId: string;
  /** The name of its token; undefined if the server asked for none. */
  readonly token?: string | undefined;
  readonly route: string;
  /** The protocol that made the job. */
  readonly protocol: string;
  /** What the protocol remembers of the request. */
  readonly data: unknown;
  /** Cannot be guessed; for addresses that need no token. */
  readonly secret: string;
}

export interface NewJob {
  readonly work: ServiceRequest;
  readonly requestId: string;
  readonly token: string | undefined;
  readonly protocol: string;
  readonly data: unknown;
}

/** What was read, without the file that was asked for. */
export type JobAnswer = Pick<PredictAnswer, 'queueMs' | 'stages'> & {
  readonly files: readonly (AnsweredFile | null)[];
  readonly outputType?: string | undefined;
};

export type Outcome = { readonly state: 'done' } | { readonly state: 'failed'; readonly error: SerializedError };

const outcomes = new WeakSet<OcrHubError>();

/** The error with which a job failed, as what a request for its result throws. */
export function asOutcome(error: OcrHubError): OcrHubError {
  outcomes.add(error);
  return error;
}

/** Whether a job failed with it, and not the request. It was logged then. */
export function isOutcome(error: OcrHubError): boolean {
  return outcomes.has(error);
}

/** Compares in constant time. */
export function isSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function newSecret(): string {
  return randomBytes(20).toString('hex');
}

export function toParts(head: JobHead, work: ServiceRequest): Record<string, Uint8Array | string> {
  const { files, ...rest } = work;
  const names = files.map(({ name }) => name);
  return {
    ...Object.fromEntries(files.map(({ bytes }, i) => [`file-${i}`, bytes])),
    'request.json': JSON.stringify({ ...rest, names }),
    'head.json': JSON.stringify(head),
  };
}

/**
 * @param read reads a part of the job
 * @throws OcrHubError `job_input_lost`
 */
export async function readWork(read: (part: string) => Promise<Buffer | undefined>): Promise<ServiceRequest> {
  const text = await read('request.json');
  if (text === undefined) throw lost('request.json');
  const { names, ...rest } = requestOf(text);
  const files = await Promise.all(
    names.map(async (name, i): Promise<RequestFile> => {
      const bytes = await read(`file-${i}`);
      if (bytes === undefined) throw lost(`file-${i}`);
      return { name, bytes };
    }),
  );
  return { ...rest, files };
}

function requestOf(text: Buffer): Omit<ServiceRequest, 'files'> & { names: string[] } {
  try {
    const request = JSON.parse(text.toString()) as Omit<ServiceRequest, 'files'> & { names: string[] };
    if (Array.isArray(request.names)) return request;
  } catch {
    // A part of it, or another file.
  }
  throw lost('request.json');
}

/** The parts that a finished job does not need. */
export function inputParts({ files }: ServiceRequest): string[] {
  return ['request.json', ...files.map((_, i) => `file-${i}`)];
}

function lost(part: string): OcrHubError {
  return new OcrHubError('job_input_lost', { part });
}
