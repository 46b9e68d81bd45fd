import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { OcrHubError } from '../errors/error.js';

export type AccessCheck = (request: Request) => void;

/** Checks the token, which some clients of PaddleX call `token` and all others `Bearer`. Compares SHA-256 digests in constant time. */
export function createAccessCheck(currentToken: () => string | undefined): AccessCheck {
  return (request) => {
    const token = currentToken();
    if (token === undefined) return;
    const given = /^(?:Bearer|token) +(.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given.trim()), digest(token))) {
      throw new OcrHubError('token_refused', { given: given !== undefined });
    }
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
