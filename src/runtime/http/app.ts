import express, { Router, type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import { partsOf } from '../addresses/subnet.js';
import { OcrHubError } from '../errors/error.js';
import type { Service } from '../service/contract.js';
import { addressesOf, addressRoute } from './address.js';
import { createAccessCheck } from './access/access-check.js';
import { allowOrigins } from './access/cors.js';
import { createCrossSiteCheck } from './access/cross-site.js';
import { createHostCheck } from './access/host-check.js';
import { ByteBudget } from './body/byte-budget.js';
import { FileFetcher } from './file-fetcher.js';
import { healthRoutes } from './health.js';
import type { HttpOptions } from './http-options.js';
import { metricsRoute } from './metrics.js';
import { noteRefusal } from './note-refusal.js';
import { openApiRoute } from './openapi.js';
import type { Protocol } from './protocol.js';
import { basePathOf, basePathSetting } from './public-address.js';
import { sendError, toOcrHubError } from './reply.js';
import { requestId } from './request-id.js';
import { ignoreExtraSlashes } from './slashes.js';
import { uiRoutes } from './ui/routes.js';

/** The first protocol also writes the errors at addresses that belong to none. */
export type Protocols = readonly [Protocol, ...Protocol[]];

/**
 * Builds the HTTP side of a server; the caller listens.
 *
 *   request ─▶ id ─▶ host and origin 403 ─▶ GET /health*, /metrics, /openapi.json, /ui/, a protocol's pages   (always answered)
 *                └─▶ POST to a protocol's endpoint: token 401 ─▶ module 404 ─▶ queue 503, 429
 *                    ─▶ body 415, 413, 408, 429 ─▶ fields 400 ─▶ service
 */
export function createApp(service: Service, protocols: Protocols, options: HttpOptions): Express {
  const { maxBody, basePath, trustProxy, cors, tokens } = options;
  const checkAccess = createAccessCheck(tokens);
  const arrivals = new ByteBudget(Math.max(minArrivingBytes, 2 * maxBody));
  const fetcher = new FileFetcher(options, arrivals);
  const routes = Router({ strict: true });
  routes.use(checked(createHostCheck(options)));
  if (cors.length > 0) routes.use(allowOrigins(cors));
  routes.use(checked(createCrossSiteCheck(cors)));
  routes.use(checked(refuseExpectations));
  if (options.ui) routes.use(uiRoutes());
  routes.use(ignoreConditions);
  routes.use(healthRoutes(service));
  routes.use(metricsRoute(service));
  routes.use(openApiRoute(service, protocols, maxBody));
  for (const protocol of protocols) {
    if (protocol.pages !== undefined) routes.use(protocol.pages(service));
  }
  for (const [path, address] of addressesOf(protocols)) {
    routes.use(addressRoute(path, address, { service, checkAccess, maxBody, arrivals, fetcher }));
  }
  routes.use(unknownPath(protocols));
  routes.use(errorOutsideEndpoints(service, protocols));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.set('trust proxy', trustProxy.flatMap(partsOf));
  app.set(basePathSetting, basePath);
  app.use(requestId);
  app.use(keepNoAnswer);
  app.use(ignoreExtraSlashes);
  app.use(basePath === '' ? '/' : basePath, routes);
  app.use(unknownPath(protocols));
  app.use(errorOutsideEndpoints(service, protocols));
  return app;
}

/** Memory for the bodies that are received at the same time: about a hundred pages. */
const minArrivingBytes = 256 * 1024 ** 2;

/** @param check throws for a request that is refused */
function checked(check: (request: Request) => void): RequestHandler {
  return (request, _response, next) => {
    check(request);
    next();
  };
}

/** Node.js answers 100-continue itself. */
function refuseExpectations(request: Request): void {
  const expectation = request.get('expect');
  if (expectation === undefined || expectation.toLowerCase() === '100-continue') return;
  throw new OcrHubError('expectation_unknown', { expectation });
}

/**
 * What was read is for the client that asked, and states change. A cache on the way keeps other answers than this if it is told to, and
 * knows none of the headers in which clients send their tokens but Authorization. The files of the page replace it.
 */
const keepNoAnswer: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** No answer but those of the page has a version to compare, and express would answer `If-None-Match: *` with 304 and no body. */
const ignoreConditions: RequestHandler = (request, _response, next) => {
  delete request.headers['if-none-match'];
  delete request.headers['if-modified-since'];
  next();
};

function unknownPath(protocols: Protocols): RequestHandler {
  return (request) => {
    const { method, path, originalUrl } = request;
    const base = basePathOf(request);
    const { endpoints } = ownerOf(path, protocols);
    const addresses = endpoints.map(({ method: sent = 'post', path: pattern }) => {
      return `${sent.toUpperCase()} ${base}${pattern.replaceAll(/(?<!\\):(\w+)/g, '<$1>').replaceAll('\\', '')}`;
    });
    throw new OcrHubError('path_unknown', { method, path: originalUrl.replace(/\?.*$/s, ''), endpoints: addresses });
  };
}

/** Express recognizes an error handler by its four parameters. */
function errorOutsideEndpoints(service: Service, protocols: Protocols): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, request, response, _next) => {
    const protocol = ownerOf(request.path, protocols);
    const known = toOcrHubError(error, protocol);
    noteRefusal(service, { request, response, error: known });
    if (response.headersSent) request.socket.destroy();
    else sendError(response, known, protocol);
  };
}

function ownerOf(path: string, protocols: Protocols): Protocol {
  return protocols.find((protocol) => protocol.ownsPath(path)) ?? protocols[0];
}
