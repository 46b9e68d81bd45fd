import cors from 'cors';
import type { RequestHandler } from 'express';

/** Seconds for which a browser may remember the answer to a preflight. Chromium takes at most two hours. */
const maxAge = 7200;

/** The headers of answers that a page may read, beside those that it may always read. */
const exposedHeaders = [
  'X-Request-Id',
  'X-Ocrhub-Error',
  'X-Ocrhub-Hint',
  'Server-Timing',
  'Retry-After',
  'WWW-Authenticate',
  'Content-Disposition',
  'Location',
  'Operation-Location',
];

/**
 * Lets web pages of the listed origins ask the server and read its answers. Cookies are never allowed: a token is what the page
 * sends itself.
 *
 * @param origins `https://example.com`, or `*` for all
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const origin = origins.includes('*') ? '*' : [...origins];
  const answer = cors({ origin, exposedHeaders, maxAge, credentials: false });
  return (request, response, next) => {
    // An OPTIONS that is no preflight is answered with the methods of the address.
    const isPreflight = request.get('access-control-request-method') !== undefined;
    if (request.method === 'OPTIONS' && !isPreflight) next();
    else answer(request, response, next);
  };
}
