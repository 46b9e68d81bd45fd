import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { OcrHubError } from '../errors/error.js';
import { createAccessCheck } from './access.js';
import { sendError } from './hubserving/envelope.js';
import { healthRoutes } from './health.js';
import { metricsRoute } from './metrics.js';
import { openApiRoute } from './openapi.js';
import { predictRoute } from './hubserving/routes.js';
import { requestId } from './request-id.js';
import type { HttpOptions } from './http-options.js';
import type { Service } from '../service/contract.js';

/**
 * The HTTP side of a server. It never listens and knows no process: whoever calls it does.
 *
 *   request ─▶ id ─▶ GET /health*, /metrics, /openapi.json, /          (always answered)
 *                └─▶ POST /predict/x: token 401 ─▶ module 404 ─▶ queue 503, 429
 *                    ─▶ body 415, 413, 408, 429 ─▶ fields 400 ─▶ service
 */
export function createApp(service: Service, options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.use(requestId);
  app.use(healthRoutes(service));
  app.use(metricsRoute(service));
  app.use(openApiRoute(service));
  app.all('/', welcome);
  app.use(predictRoute(service, options, createAccessCheck(options.token)));
  app.use(nothingHere);
  app.use(fallback(options));
  return app;
}

/** What the original answers on `/`. */
const welcome: RequestHandler = (request, response) => {
  const allowed = 'GET, HEAD, OPTIONS, POST';
  if (!allowed.split(', ').includes(request.method)) {
    throw new OcrHubError('method_not_allowed', { method: request.method, path: '/', allowed });
  }
  if (request.method === 'OPTIONS') {
    response.set('Allow', allowed).end();
    return;
  }
  response
    .type('html')
    .send(
      '暂不提供可视化界面，请直接使用脚本进行请求。<br/>No visual interface is provided for the time being, please use the python script to make a request directly.',
    );
};

const nothingHere: RequestHandler = (request) => {
  throw new OcrHubError('path_unknown', { method: request.method, path: request.path });
};

/** Errors outside /predict; Express tells an error handler by its four parameters. */
function fallback(options: HttpOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) next(error);
    else sendError(response, error, options);
  };
}
