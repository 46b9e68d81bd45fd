import { stat } from 'node:fs/promises';
import { OcrHubError } from '../errors/error.js';
import { readRegularFile } from '../files/read-regular.js';
import { givenToken } from './environment.js';

/** A token that requests may carry. */
export interface NamedToken {
  readonly value: string;
  /** For the log and the metrics: the remark behind the token, or `line N`. */
  readonly name: string;
}

/**
 * Reads the tokens of a server: those of `file`, one a line, or that of `$OCRHUB_TOKEN` if `file` is undefined. There is no flag
 * for a token itself, because all users of a machine can read command lines.
 *
 * A line of the file is `token`, or `token # name`. Empty lines, and lines that begin with #, are skipped.
 *
 * @returns an empty list if neither is given
 * @throws OcrHubError `token_unreadable`
 */
export async function readTokens(file: string | undefined): Promise<readonly NamedToken[]> {
  if (file === undefined) return tokenOfEnvironment();
  const lines = (await readTokenFile(file)).replace(/^\ufeff/, '').split(/\r?\n/);
  const refuse = (problem: string): OcrHubError => new OcrHubError('token_unreadable', { file, problem });
  const tokens = new Map<string, NamedToken>();
  for (const [i, line] of lines.entries()) {
    const place = `line ${i + 1}`;
    const [value, remark] = splitLine(line);
    if (value === '') continue;
    if (!isPrintableAscii(value)) throw refuse(`${place} ${otherCharacters}`);
    if (tokens.has(value)) throw refuse(`${place} repeats a token`);
    tokens.set(value, { value, name: remark === '' ? place : remark.slice(0, maxName) });
  }
  if (tokens.size === 0) throw refuse('it holds no token');
  return [...tokens.values()];
}

/** Reads the token that a client sends: the first one of `file`, or that of `$OCRHUB_TOKEN`. Otherwise as `readTokens`. */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  const [first] = await readTokens(file);
  return first?.value;
}

/** Whether other users of this machine can read a file. Windows has no such modes. */
export async function isReadableByOthers(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & 0o044) !== 0;
}

/** The token of a line, and the remark behind it. */
function splitLine(line: string): readonly [value: string, remark: string] {
  const text = line.trim();
  const mark = text.startsWith('#') ? 0 : text.search(/\s#/);
  return mark === -1 ? [text, ''] : [text.slice(0, mark).trimEnd(), text.slice(mark).replace(/^\s*#/, '').trim()];
}

/** Characters of a name. */
const maxName = 64;

const otherCharacters = 'contains characters other than printable ASCII';

function tokenOfEnvironment(): readonly NamedToken[] {
  const text = givenToken();
  if (text === undefined) return [];
  const value = text.split('\n')[0]?.trim() ?? '';
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('token_unreadable', { file: 'OCRHUB_TOKEN', problem });
  if (value === '') throw refuse('its first line is empty');
  if (!isPrintableAscii(value)) throw refuse(`it ${otherCharacters}`);
  return [{ value, name: 'OCRHUB_TOKEN' }];
}

/** Clients encode other characters in a header in different ways, or refuse them. */
function isPrintableAscii(text: string): boolean {
  return /^[ -~]+$/.test(text);
}

function readTokenFile(file: string): Promise<string> {
  return readRegularFile(file).catch((error: unknown) => {
    throw new OcrHubError('token_unreadable', { file, problem: (error as Error).message }, { cause: error });
  });
}
