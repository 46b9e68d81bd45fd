import type { Request, Router } from 'express';
import type { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, RequestFile, ServiceDescription } from '../service/contract.js';
import type { ObjectSchema } from '../values/json-schema.js';
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
  /** Describes the endpoints for the served modules. */
  toOpenApi(modules: readonly ServiceDescription[]): OpenApiPart;
}

/** The part of one protocol in /openapi.json. */
export interface OpenApiPart {
  /** OpenAPI path items by address, such as `/predict/ocr_system`. */
  readonly paths: Readonly<Record<string, object>>;
  /** Schemas for `#/components/schemas/`. All protocols share the names. */
  readonly schemas: Readonly<Record<string, object>>;
}

/** An address to which pictures are posted. */
export interface Endpoint {
  /** Express's pattern: `/predict/:module`. */
  readonly path: string;
  readonly bodyTypes: readonly BodyType[];
  /** The name under which the module is served, from the address. */
  moduleOf(request: Request): string;
  /**
   * @param request for headers and the query; its body has been read
   * @param fields the module's own fields, which come before those of the protocol
   * @throws OcrHubError for a request that the protocol refuses
   */
  parse(body: Uint8Array, request: Request, fields: ObjectSchema): ParsedRequest | Promise<ParsedRequest>;
  toReply(answer: PredictAnswer, request: Request): Reply;
}

export interface ParsedRequest {
  readonly files: readonly RequestFile[];
  /** Addresses of further files, which the server fetches. */
  readonly urls?: readonly string[];
  /** The fields of the module and of documents (service/reading.ts). */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields that came as text, from a query or a form; the schema of the field says what the text means. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** An HTTP answer, and the words of the protocol in it that the log shows. */
export interface Reply {
  readonly http: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** The protocol's word for the outcome, such as HubServing's "000". */
  readonly status: string;
  readonly message: string;
}
