import { Router, type Response } from 'express';
import { OcrHubError } from '../../errors/error.js';
import { noTime, withOldStageNames } from '../../trace/stage-times.js';
import type { AccessCheck } from '../access.js';
import { sendAnswer, sendError } from './envelope.js';
import type { HttpOptions } from '../http-options.js';
import { ByteBudget } from '../body/byte-budget.js';
import { parsePredictBody } from './request.js';
import { readBody } from '../body/read-body.js';
import { requestIdOf } from '../request-id.js';
import type { ServiceRequest, RequestRecord, Service } from '../../service/contract.js';

/** POST /predict/<module> */
export function predictRoute(service: Service, options: HttpOptions, checkAccess: AccessCheck): Router {
  const router = Router({ strict: true });
  const arrivals = new ByteBudget(Math.max(arrivingBytes, 2 * options.maxBody));

  router.post('/predict/:module', async (request, response) => {
    const start = performance.now();
    const seen = newRecord(requestIdOf(response), request.params.module);
    try {
      checkAccess(request);
      if (!service.has(seen.route)) throw new OcrHubError('module_not_served', { name: seen.route });
      service.admit();
      const body = parsePredictBody(await readBody(request, options.maxBody, arrivals));
      seen.images = body.images.length;
      service.checkFields(seen.route, body.fields);
      const answer = await service.predict(
        { route: seen.route, ...body } satisfies ServiceRequest,
        goneSignal(response),
      );
      seen.queueMs = answer.queueMs;
      seen.stages = answer.stages;
      response.set('Server-Timing', serverTiming(answer.queueMs, answer.stages, performance.now() - start));
      seen.message = sendAnswer(response, answer);
      seen.status = '000';
      seen.outcome = 'answered';
      seen.httpStatus = 200;
    } catch (error) {
      const known = sendError(response, error, options);
      seen.status = known.hubStatus;
      // What happened, also where --http_status_200 hides it from the client.
      seen.httpStatus = known.httpStatus;
      seen.message = known.message;
      seen.stack =
        known.code === 'module_threw' ? (known as OcrHubError<'module_threw'>).details.stack : (error as Error).stack;
    } finally {
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

/** Bytes of the bodies that arrive at once: a hundred of usual pages, or two of the largest bodies. */
const arrivingBytes = 256 * 1024 ** 2;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of a request when it arrives. */
function newRecord(id: string, route: string): Mutable<RequestRecord> {
  return {
    id,
    route,
    images: 0,
    outcome: 'failed',
    httpStatus: 0,
    status: '',
    message: '',
    ms: 0,
    queueMs: 0,
    stages: noTime(),
  };
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
  const times = { queue: queueMs, ...withOldStageNames(stages), total };
  return Object.entries(times)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
    .join(', ');
}
