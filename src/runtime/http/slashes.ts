import type { RequestHandler } from 'express';

/**
 * Takes several slashes for one, and ignores a slash at the end: clients put an address together from a base that ends with a
 * slash. The page's address keeps it, because its files are relative to it. A client of a proxy sends the address with its host
 * (absolute form, RFC 9112 3.2.2), which means the same as the path alone.
 */
export const ignoreExtraSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.replace(/^https?:\/\/[^/?#]*/i, '').split('?');
  // The other form is an asterisk.
  if (path === '' || path.startsWith('/')) request.url = [tidy(path || '/'), ...query].join('?');
  next();
};

function tidy(path: string): string {
  const single = path.replaceAll(/\/{2,}/g, '/');
  return single === '/' || single.endsWith('/ui/') ? single : single.replace(/\/$/, '');
}
