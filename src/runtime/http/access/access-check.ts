import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { OcrHubError } from '../../errors/error.js';

/** What a request must carry, and who has it. */
export interface Token {
  readonly value: string;
  /** For the log and the metrics. */
  readonly name: string;
}

/**
 * Checks the token of a request and returns its name; undefined if the server asks for none.
 *
 * @throws OcrHubError `token_refused`
 */
export type AccessCheck = (request: Request) => string | undefined;

/**
 * Takes the token from any header in which a client of a known program sends it. Compares SHA-256 digests in constant time, with
 * all tokens, so that the time tells neither how much of a token is right nor which one it is.
 */
export function createAccessCheck(currentTokens: () => readonly Token[]): AccessCheck {
  return (request) => {
    const tokens = currentTokens();
    if (tokens.length === 0) return undefined;
    const given = givenTokens(request);
    const digests = given.map(digest);
    let found: Token | undefined;
    for (const token of tokens) {
      const own = digest(token.value);
      for (const each of digests) if (timingSafeEqual(each, own)) found = token;
    }
    if (found === undefined) throw new OcrHubError('token_refused', { given: given.length > 0 });
    return found.name;
  };
}

/** Azure's clients and those of docling-serve have headers of their own. */
const keyHeaders = ['ocp-apim-subscription-key', 'x-api-key'];

/** Clients of Baidu's AI Studio say `token`, all others `Bearer`. */
function givenTokens(request: Request): string[] {
  const bearer = /^(?:Bearer|token) +(.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const values = [bearer, ...keyHeaders.map((header) => request.get(header))];
  return values.map((value) => value?.trim() ?? '').filter((value) => value !== '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
