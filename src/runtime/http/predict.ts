import express, { Router, type Request, type RequestHandler, type Response } from 'express';
import { OcrHubError } from '../errors.js';
import type { AccessCheck } from './access.js';
import { sendAnswer, sendError } from './answer.js';
import type { HttpOptions } from './app.js';
import { parsePredictBody } from './predict-body.js';
import { requestIdOf } from './request-id.js';
import type { PredictRequest, RequestRecord, Service } from './service.js';

/** POST /predict/<module> */
export function predictRoute(service: Service, options: HttpOptions, checkAccess: AccessCheck): Router {
  const router = Router({ strict: true });
  const readBody = bodyReader(options);

  router.post('/predict/:module', async (request, response) => {
    const start = performance.now();
    const seen: Mutable<RequestRecord> = {
      id: requestIdOf(response),
      route: request.params.module,
      images: 0,
      httpStatus: 0,
      status: '',
      message: '',
      ms: 0,
      queueMs: 0,
      stages: { decode: 0, detect: 0, classify: 0, recognise: 0 },
    };
    try {
      checkAccess(request);
      if (!service.has(seen.route)) throw new OcrHubError('module_not_served', { name: seen.route });
      const body = parsePredictBody(await readBody(request, response));
      seen.images = body.images.length;
      const answer = await service.predict(
        { route: seen.route, ...body } satisfies PredictRequest,
        goneSignal(response),
      );
      seen.queueMs = answer.queueMs;
      seen.stages = answer.stages;
      response.set('Server-Timing', serverTiming(answer.queueMs, answer.stages, performance.now() - start));
      seen.message = sendAnswer(response, answer);
      seen.status = '000';
    } catch (error) {
      const known = sendError(response, error, options);
      seen.status = known.hubStatus;
      seen.message = known.message;
      seen.stack =
        known.code === 'module_threw' ? (known as OcrHubError<'module_threw'>).details.stack : (error as Error).stack;
    } finally {
      seen.httpStatus = response.statusCode;
      seen.ms = performance.now() - start;
      service.observe(seen);
    }
  });

  router.all('/predict/:module', (request, response) => {
    response.set('Allow', 'POST, OPTIONS');
    if (request.method === 'OPTIONS') response.status(200).end();
    else
      throw new OcrHubError('method_not_allowed', {
        method: request.method,
        path: request.path,
        allowed: 'POST, OPTIONS',
      });
  });
  return router;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads the whole body as bytes. A compressed body is refused: its size is known only after it is unpacked.
 *
 * @throws OcrHubError `content_type_unknown`, `body_too_large`, `request_malformed`
 */
function bodyReader(options: HttpOptions): (request: Request, response: Response) => Promise<Uint8Array> {
  const raw: RequestHandler = express.raw({ type: () => true, limit: options.maxBody, inflate: false });
  return async (request, response) => {
    const type = request.get('content-type') ?? '';
    if (!/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
      throw new OcrHubError('content_type_unknown', { type, path: request.path });
    }
    await new Promise<void>((resolve, reject) => {
      raw(request, response, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(toBodyError(error, options));
      });
    });
    return request.body instanceof Uint8Array ? request.body : new Uint8Array();
  };
}

function toBodyError(error: unknown, { maxBody }: HttpOptions): OcrHubError {
  const { type = '', message = '' } = error as { type?: string; message?: string };
  if (type === 'entity.too.large') return new OcrHubError('body_too_large', { limit: maxBody }, { cause: error });
  if (type === 'encoding.unsupported')
    return new OcrHubError('content_type_unknown', { type: message, path: '' }, { cause: error });
  return new OcrHubError('request_malformed', { problem: message }, { cause: error });
}

/** Fires when the connection ends before the answer was sent. */
function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The W3C Server-Timing header: where the time of this answer went, in milliseconds. */
function serverTiming(queueMs: number, stages: RequestRecord['stages'], total: number): string {
  const times = { queue: queueMs, ...stages, total };
  return Object.entries(times)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
    .join(', ');
}
