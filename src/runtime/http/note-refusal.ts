import type { Request, Response } from 'express';
import { stackWithCauses, type OcrHubError } from '../errors/error.js';
import type { Service } from '../service/contract.js';
import { clientView } from './access/forwarded.js';
import { requestIdOf } from './request-id.js';

/** A request that no endpoint took: it is not counted, and the log has a line of it. */
export function noteRefusal(
  service: Pick<Service, 'noteRefusal'>,
  { request, response, error }: { request: Request; response: Response; error: OcrHubError },
): void {
  service.noteRefusal({
    id: requestIdOf(response),
    from: clientView(request).address,
    httpStatus: error.httpStatus,
    message: error.message,
    stack: stackWithCauses(error),
  });
}
