import { readFile } from 'node:fs/promises';
import { OcrHubError } from '../errors/error.js';
import { givenToken } from './environment.js';

/**
 * The token of a server or of a client: the first line of the file, or of `$OCRHUB_TOKEN`, without the blanks around it.
 * Never from the command line, where every user of the machine could read it.
 *
 * @throws OcrHubError `token_unreadable`
 */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  const text = file === undefined ? givenToken() : await readTokenFile(file);
  if (text === undefined) return undefined;
  const token = text.split('\n')[0]?.trim() ?? '';
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('token_unreadable', { file: file ?? 'OCRHUB_TOKEN', problem });
  if (token === '') throw refuse('its first line is empty');
  // Clients put other letters into a header in different ways, or refuse to; such a token would let nobody in.
  if (!/^[ -~]+$/.test(token)) throw refuse('it contains characters other than printable ASCII');
  return token;
}

function readTokenFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcrHubError('token_unreadable', { file, problem: (error as Error).message }, { cause: error });
  });
}
