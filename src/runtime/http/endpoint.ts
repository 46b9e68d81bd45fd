import type { Request, RequestHandler, Response } from 'express';
import { OcrHubError, stackWithCauses } from '../errors/error.js';
import type { RequestRecord, Service, ServiceDescription } from '../service/contract.js';
import { noTime, withOldStageNames, type StageTimes } from '../trace/stage-times.js';
import type { AccessCheck } from './access/access-check.js';
import { clientView } from './access/forwarded.js';
import type { ByteBudget } from './body/byte-budget.js';
import { readBody } from './body/read-body.js';
import type { FileFetcher } from './file-fetcher.js';
import type { Endpoint, Protocol } from './protocol.js';
import { sendError, sendReply, toOcrHubError } from './reply.js';
import { requestIdOf } from './request-id.js';
import { resolveFields } from './request-fields.js';

/** What the endpoints of all protocols share. */
export interface EndpointContext {
  readonly service: Service;
  readonly checkAccess: AccessCheck;
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Memory for the bodies that are being received. */
  readonly arrivals: ByteBudget;
  readonly fetcher: FileFetcher;
}

export interface Candidate {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
}

/**
 * Refuses, reads and answers the requests to one address, and counts each of them once. Of several endpoints at the address,
 * the first one that takes the request answers it.
 */
export function endpointHandler(
  candidates: readonly [Candidate, ...Candidate[]],
  context: EndpointContext,
): RequestHandler {
  const { service, checkAccess, maxBody, arrivals, fetcher } = context;
  return async (request, response) => {
    const start = performance.now();
    const requestId = requestIdOf(response);
    const record = newRecord(requestId, clientView(request).address);
    let { protocol, endpoint } = chosen(candidates, request);
    let isCounted = true;
    try {
      // Before all that may fail: the log bounds what it says of requests without a token.
      record.token = checkAccess(request);
      const served = service.describe();
      const route = endpoint.moduleOf(request, served);
      record.route = route;
      if (!service.has(route)) throw new OcrHubError('module_not_served', { name: route });
      service.admit();
      const body = await readBody(request, { types: endpoint.bodyTypes, limit: maxBody, arrivals });
      ({ protocol, endpoint } = chosen(candidates, request, body));
      const module = served.find((each) => each.route === route) ?? undescribed(route);
      const parsed = await endpoint.parse(body, request, module.fields);
      const { urls = [] } = parsed;
      record.images = parsed.files.length + urls.length;
      const wanted = resolveFields(parsed, module.fields, route);
      service.checkFields(route, wanted.fields);
      const aborted = abortedSignal(response);
      const files = urls.length === 0 ? parsed.files : await fetcher.withFetched(parsed.files, urls, aborted);
      const work = { route, files, ...wanted };
      const asked = { request, requestId, token: record.token, parsed, files, module };
      if ('accept' in endpoint) {
        sendReply(response, await endpoint.accept(work, asked));
        // The job counts, when it ends.
        isCounted = false;
        return;
      }
      const answer = await service.predict(work, aborted);
      const { queueMs, stages } = answer;
      response.set('Server-Timing', serverTiming(queueMs, stages, performance.now() - start));
      const reply = await endpoint.toReply(answer, asked);
      sendReply(response, reply);
      const { http, status, message } = reply;
      Object.assign(record, { outcome: 'answered', httpStatus: http, status, message, queueMs, stages });
    } catch (thrown) {
      const error = toOcrHubError(thrown, protocol);
      const { status, message } = sendError(response, error, protocol);
      // The error's own HTTP status, also if the protocol answers with another one.
      const { kind: outcome, httpStatus } = error;
      Object.assign(record, { outcome, httpStatus, status, message, stack: stackOf(error) });
    } finally {
      record.ms = performance.now() - start;
      if (isCounted) service.observe(record);
    }
  };
}

/** @param body undefined until it has been read */
function chosen(candidates: readonly [Candidate, ...Candidate[]], request: Request, body?: Uint8Array): Candidate {
  return candidates.find(({ endpoint }) => endpoint.takes?.(request, body) ?? true) ?? candidates[0];
}

function undescribed(route: string): ServiceDescription {
  return { route, version: '', summary: '', fields: { type: 'object', properties: {}, required: [] } };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function newRecord(id: string, from: string): Mutable<RequestRecord> {
  return {
    id,
    from,
    route: '',
    images: 0,
    outcome: 'internal',
    httpStatus: 500,
    status: '',
    message: '',
    ms: 0,
    queueMs: 0,
    stages: noTime(),
  };
}

/** The stack in the module's own code if the module threw. */
function stackOf(error: OcrHubError): string {
  return error.code === 'module_threw' ? (error as OcrHubError<'module_threw'>).details.stack : stackWithCauses(error);
}

/** Fires when the connection ends before the answer was sent. */
function abortedSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The value of the W3C Server-Timing header: how long each part of the work took, in milliseconds. */
function serverTiming(queueMs: number, stages: StageTimes, total: number): string {
  const times = { queue: queueMs, ...withOldStageNames(stages), total };
  return Object.entries(times)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
    .join(', ');
}
