import { X509Certificate } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import { readRegularFile } from '../files/read-regular.js';

/**
 * Reads certificates to trust, as PEM.
 *
 * @returns undefined without a file
 * @throws OcrHubError `value_invalid` if the file cannot be read or holds no certificate
 */
export async function readCertificates(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const refuse = (problem: string, cause: unknown): OcrHubError =>
    new OcrHubError('value_invalid', { subject: '--cacert', key: '', value: file, problem }, { cause });
  const text = await readRegularFile(file).catch((error: unknown) => {
    throw refuse((error as Error).message, error);
  });
  try {
    new X509Certificate(text);
  } catch (error) {
    throw refuse('it holds no certificate in PEM form', error);
  }
  return text;
}
