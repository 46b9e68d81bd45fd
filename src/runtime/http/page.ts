import { Router, type RequestHandler } from 'express';
import { OcrHubError } from '../errors/error.js';

/** A route that answers GET and HEAD at one address, and refuses other methods. */
export function page(path: string, handler: RequestHandler): Router {
  const router = Router();
  router.get(path, handler);
  router.all(path, (request, response) => {
    const allowed = 'GET, HEAD, OPTIONS';
    if (request.method !== 'OPTIONS') {
      throw new OcrHubError('method_not_allowed', {
        method: request.method,
        path: request.baseUrl + request.path,
        allowed,
      });
    }
    response.set('Allow', allowed).status(200).end();
  });
  return router;
}
