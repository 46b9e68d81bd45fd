import type { RequestHandler } from 'express';

/**
 * Takes several slashes for one, and ignores a slash at the end: clients put an address together from a base that ends with a
 * slash. The page's address keeps it, because its files are relative to it.
 */
export const ignoreExtraSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  // Other forms are an asterisk, and an address with its host.
  if (path.startsWith('/')) request.url = [tidy(path), ...query].join('?');
  next();
};

function tidy(path: string): string {
  const single = path.replaceAll(/\/{2,}/g, '/');
  return single === '/' || single.endsWith('/ui/') ? single : single.replace(/\/$/, '');
}
