import { createHmac } from 'node:crypto';
import { OcrHubError } from '../../../errors/error.js';
import type { Files, KeptFile } from '../../../jobs/files.js';
import { isSecret } from '../../../jobs/job.js';

/** The name under which files are kept. */
export const protocolName = 'mistral';

export interface FileData {
  readonly visibility: string | undefined;
  /** Seconds since 1970; undefined: as long as the server keeps files. */
  readonly expiresAt: number | undefined;
}

/** @throws OcrHubError `job_unknown` */
export async function findFile(id: string, files: Files): Promise<KeptFile> {
  const file = await files.find(id, protocolName);
  if (hasExpired(file)) throw new OcrHubError('job_unknown', { what: 'file', id });
  return file;
}

export function hasExpired({ data }: KeptFile): boolean {
  const { expiresAt } = data as FileData;
  return expiresAt !== undefined && expiresAt * 1000 <= Date.now();
}

/** The path of a file at which it needs no token until `expires`, in seconds since 1970. */
export function signedPath(file: KeptFile, expires: number): string {
  return `/v1/files/${file.id}/signed/${expires}/${signature(file, expires)}`;
}

/**
 * The file of an address that `signedPath` made, under whatever name the client reaches the server. Undefined for another
 * address.
 *
 * @throws OcrHubError `job_unknown` if the address has expired
 */
export async function signedFile(address: string, files: Files): Promise<KeptFile | undefined> {
  const [, id = '', expires = '', given = ''] =
    /\/v1\/files\/([jf][\da-f]+)\/signed\/(\d+)\/([\da-f]+)$/.exec(address) ?? [];
  if (id === '') return undefined;
  const file = await findFile(id, files);
  const isValid = isSecret(given, signature(file, Number(expires))) && Number(expires) * 1000 > Date.now();
  if (!isValid) throw new OcrHubError('job_unknown', { what: 'file', id: `${id} at this address` });
  return file;
}

function signature({ id, secret }: KeptFile, expires: number): string {
  return createHmac('sha256', secret).update(`${id} ${expires}`).digest('hex');
}
