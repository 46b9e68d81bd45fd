import type { Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import { sentFileName } from '../../body/file-name.js';
import type { Form } from '../../body/form.js';
import type { RequestFile } from '../../../service/contract.js';

/**
 * The only file of a form.
 *
 * @param field the name of its part
 * @throws OcrHubError `request_malformed`
 */
export function fileOf({ files }: Form, field: string, expected: string): RequestFile {
  const [file] = files;
  if (file?.field === field) return { name: file.name, bytes: file.bytes };
  const problem = file === undefined ? 'the form holds no file' : `its file is ${JSON.stringify(file.field)}`;
  throw new OcrHubError('request_malformed', { problem, expected });
}

/** A file's name that came in a header, where other characters are percent-encoded; without folders. */
export function headerName(request: Request, header: string): string {
  const given = request.get(header) ?? '';
  try {
    return sentFileName(decodeURIComponent(given));
  } catch {
    return sentFileName(given);
  }
}
