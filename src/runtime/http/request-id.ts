import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Sends back the client's `X-Request-Id` if it is a plain word, and a new one otherwise. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id') ?? '';
  const locals = response.locals as Locals;
  locals.requestId = /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID();
  response.set('X-Request-Id', locals.requestId);
  next();
};

export function requestIdOf(response: Response): string {
  return (response.locals as Locals).requestId;
}

interface Locals {
  requestId: string;
}
