import type { RequestHandler } from 'express';
import type { EndpointContext } from './endpoint.js';
import { isOutcome } from '../jobs/job.js';
import { noteRefusal } from './note-refusal.js';
import { readBody } from './body/read-body.js';
import type { Protocol, Resource } from './protocol.js';
import { sendError, sendReply, toOcrHubError } from './reply.js';

/** Answers the requests to something that the server keeps. They are neither queued nor counted: nothing is read. */
export function resourceHandler(
  protocol: Protocol,
  resource: Resource,
  { service, checkAccess, maxBody, arrivals }: EndpointContext,
): RequestHandler {
  const { isOpen = false, bodyTypes } = resource;
  return async (request, response) => {
    try {
      const token = isOpen ? undefined : checkAccess(request);
      const body =
        bodyTypes === undefined
          ? new Uint8Array()
          : await readBody(request, { types: bodyTypes, limit: maxBody, arrivals });
      sendReply(response, await resource.answer(request, body, token));
    } catch (thrown) {
      const error = toOcrHubError(thrown, protocol);
      // Clients ask again and again whether a job is done.
      if (error.code !== 'job_unfinished' && !isOutcome(error)) noteRefusal(service, { request, response, error });
      sendError(response, error, protocol);
    }
  };
}
