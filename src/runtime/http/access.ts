import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { OcrHubError } from '../errors.js';

export type AccessCheck = (request: Request) => void;

/** Compares hashes, in a time that does not depend on where the tokens differ. */
export function createAccessCheck(token: string | undefined): AccessCheck {
  if (token === undefined) return () => undefined;
  const expected = digest(token);
  return (request) => {
    const given = /^Bearer +(.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given.trim()), expected)) {
      throw new OcrHubError('token_refused', { given: given !== undefined });
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
