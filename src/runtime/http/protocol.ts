import type { Request, Router } from 'express';
import type { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, ServiceRequest } from '../service/contract.js';
import type { BodyType } from './body/read-body.js';

/**
 * One wire protocol. It reads requests and writes answers and errors in its own form; access, admission, bodies,
 * deadlines, counters and common headers are the same for all protocols (endpoint.ts).
 */
export interface Protocol {
  /** A request in one line, for the message of a request that cannot be read. */
  readonly requestForm: string;
  readonly endpoints: readonly Endpoint[];
  /** Addresses that take no pictures, such as a welcome page. They need no token and are not counted. */
  readonly pages?: Router;
  /** Whether an error outside the endpoints, such as an unknown path, is written in this protocol's form. */
  ownsPath(path: string): boolean;
  toErrorReply(error: OcrHubError): Reply;
}

/** An address to which pictures are posted. */
export interface Endpoint {
  /** Express's pattern: `/predict/:module`. */
  readonly path: string;
  readonly bodyType: BodyType;
  /** The name under which the module is served, from the address. */
  moduleOf(request: Request): string;
  /** @throws OcrHubError for a body that the protocol refuses */
  parse(body: Uint8Array): Omit<ServiceRequest, 'route'>;
  toReply(answer: PredictAnswer): Reply;
}

/** An HTTP answer, and the words of the protocol in it that the log shows. */
export interface Reply {
  readonly http: number;
  readonly contentType: string;
  readonly body: string;
  /** The protocol's word for the outcome, such as HubServing's "000". */
  readonly status: string;
  readonly message: string;
}
