import { readFile } from 'node:fs/promises';
import { OcrHubError } from '../errors/error.js';
import { givenToken } from './environment.js';

/**
 * Reads the token of a server or a client: the first line of `file`, or of `$OCRHUB_TOKEN` if `file` is undefined,
 * trimmed. There is no flag for the token itself, because all users of a machine can read command lines.
 *
 * @returns undefined if neither is given
 * @throws OcrHubError `token_unreadable`
 */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  const text = file === undefined ? givenToken() : await readTokenFile(file);
  if (text === undefined) return undefined;
  const token = text.split('\n')[0]?.trim() ?? '';
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('token_unreadable', { file: file ?? 'OCRHUB_TOKEN', problem });
  if (token === '') throw refuse('its first line is empty');
  // Clients encode other characters in a header in different ways, or refuse them.
  if (!/^[ -~]+$/.test(token)) throw refuse('it contains characters other than printable ASCII');
  return token;
}

function readTokenFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcrHubError('token_unreadable', { file, problem: (error as Error).message }, { cause: error });
  });
}
