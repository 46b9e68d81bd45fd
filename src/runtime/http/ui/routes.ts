import { Router, type Request, type RequestHandler, type Response } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { loadPageFiles, type PageFile } from './page-files.js';

/**
 * `GET /ui/`: the page for people. A browser that asks for `/` is sent there; other clients get the answer of a protocol. All
 * addresses are relative, so that the page also works below the path of a proxy.
 */
export function uiRoutes(): Router {
  const router = Router({ strict: true });
  router.use(sendBrowsersToPage);
  router.get('/ui', (_request, response) => {
    response.redirect('ui/');
  });
  router.get(['/ui/', '/ui/:name'], async (request, response, next) => {
    const { name = 'index.html' } = request.params;
    const file = (await loadPageFiles()).get(String(name));
    if (file === undefined) next();
    else sendFile(file, request, response);
  });
  router.all(['/ui', '/ui/'], refuseMethod);
  return router;
}

/** No route for `/`: express would answer OPTIONS for it, and leave out what the protocol takes there. */
const sendBrowsersToPage: RequestHandler = (request, response, next) => {
  if (request.path !== '/' || !['GET', 'HEAD'].includes(request.method)) {
    next();
    return;
  }
  response.vary('Accept').vary('User-Agent');
  if (isBrowser(request)) response.set('Cache-Control', 'no-store').redirect(`${lastSegment(request)}ui/`);
  else next();
};

/** The base path of the server without a slash at its end: addresses relative to `/ocr` begin with `ocr/`. Otherwise empty. */
function lastSegment({ originalUrl }: Request): string {
  const segment = /^[^?]*\/([^/?]*)/.exec(originalUrl)?.[1] ?? '';
  return segment === '' ? '' : `${segment}/`;
}

/** HubServing's sentence at `/` is for scripts. Browsers name Mozilla and take HTML, which scripts for HubServing do not. */
function isBrowser(request: Request): boolean {
  const accepts = request.get('accept') ?? '';
  return accepts.includes('text/html') && (request.get('user-agent') ?? '').startsWith('Mozilla/');
}

function sendFile({ contentType, etag, isHashed, bytes, gzip }: PageFile, request: Request, response: Response): void {
  response.set({
    'Content-Type': contentType,
    // A name with a hash stands for one content.
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    ...securityHeaders,
  });
  response.vary('Accept-Encoding');
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const isCompressed = request.acceptsEncodings('gzip') === 'gzip';
  if (isCompressed) response.set('Content-Encoding', 'gzip');
  response.send(isCompressed ? gzip : bytes);
}

/**
 * The page runs its own script alone, sends requests to its own server alone, and cannot make markup of a text. Pictures come
 * from answers, as `blob:`.
 */
const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const refuseMethod: RequestHandler = ({ method, baseUrl, path }, response) => {
  const allowed = 'GET, HEAD, OPTIONS';
  if (method !== 'OPTIONS') throw new OcrHubError('method_not_allowed', { method, path: baseUrl + path, allowed });
  response.set('Allow', allowed).end();
};
