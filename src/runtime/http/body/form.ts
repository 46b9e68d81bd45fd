import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { OcrHubError } from '../../errors/error.js';
import { sentFileName } from './file-name.js';
import type { RequestFile } from '../../service/contract.js';

export interface Form {
  readonly files: readonly FormFile[];
  /** Name and text of the parts that are no files. */
  readonly texts: readonly (readonly [name: string, text: string])[];
}

interface FormFile extends RequestFile {
  /** The name of the part. */
  readonly field: string;
}

/** Parts of a form that are no files. */
const maxTexts = 1000;

interface FormLimits {
  readonly maxFiles: number;
  /** The form of a request in one line, for the message. */
  readonly expected: string;
  /** Default: 1 MiB. */
  readonly maxTextBytes?: number;
}

/**
 * Reads `multipart/form-data`. A part with a file name, or of the type application/octet-stream, is a file. A file input that
 * was left empty in a browser is skipped.
 *
 * @throws OcrHubError `request_malformed`, `images_too_many`
 */
export function readForm(
  body: Uint8Array,
  contentType: string,
  { maxFiles, expected, maxTextBytes = 1024 * 1024 }: FormLimits,
): Promise<Form> {
  return new Promise((resolve, reject) => {
    let isRefused = false;
    const refuseWith = (error: OcrHubError): void => {
      isRefused = true;
      reject(error);
    };
    const refuse = (problem: string, cause?: unknown): void => {
      refuseWith(new OcrHubError('request_malformed', { problem, expected }, { cause }));
    };
    const files: FormFile[] = [];
    const texts: [string, string][] = [];
    const parser = startParser(contentType, maxFiles, maxTextBytes, refuse);
    if (parser === undefined) return;
    parser.on('file', (field, stream, fileName: string | undefined) => {
      const name = fileName ?? '';
      const chunks: Buffer[] = [];
      // An upload that ends too early is an error of the stream; without a listener it would end the process.
      stream.on('error', (error) => refuse(error.message, error));
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        if (name !== '' || bytes.length > 0) files.push({ field, name: sentFileName(name), bytes });
      });
    });
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) refuse(`the part ${JSON.stringify(name)} is longer than ${maxTextBytes} bytes`);
      texts.push([name, value]);
    });
    parser.on('filesLimit', () =>
      refuseWith(new OcrHubError('images_too_many', { count: maxFiles + 1, limit: maxFiles })),
    );
    parser.on('fieldsLimit', () => refuse(`the form has more than ${maxTexts} parts that are no files`));
    parser.on('partsLimit', () => refuse(`the form has more than ${maxFiles + maxTexts} parts`));
    parser.on('error', (error) => refuse(error instanceof Error ? error.message : String(error), error));
    parser.on('finish', () => resolve({ files, texts }));
    writeInPieces(parser, body, () => isRefused);
  });
}

/** Bytes that are parsed at a time. A piece full of empty parts takes about 50 ms. */
const pieceSize = 16 * 1024;

/** Parses a body piece by piece, so that the server answers other requests between two pieces. */
function writeInPieces(parser: BusboyInstance, body: Uint8Array, isRefused: () => boolean): void {
  let end = 0;
  const writeNext = (): void => {
    if (isRefused()) return;
    const start = end;
    end += pieceSize;
    if (start >= body.length) parser.end();
    else parser.write(body.subarray(start, end), () => setImmediate(writeNext));
  };
  writeNext();
}

/** The parser throws for a content type without a boundary. */
function startParser(
  contentType: string,
  maxFiles: number,
  maxTextBytes: number,
  refuse: (problem: string, cause: unknown) => void,
): BusboyInstance | undefined {
  const parts = maxFiles + maxTexts;
  const limits = { parts, files: maxFiles, fields: maxTexts, fieldSize: maxTextBytes, headerPairs: 100 };
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits });
  } catch (error) {
    refuse((error as Error).message, error);
    return undefined;
  }
}
