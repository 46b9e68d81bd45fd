import type { Request, Router } from 'express';
import type { OcrHubError } from '../errors/error.js';
import type { PredictAnswer, RequestFile, Service, ServiceDescription, ServiceRequest } from '../service/contract.js';
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
  /** Addresses that read nothing themselves: a job, its result, a file that was sent before. */
  readonly resources?: readonly Resource[];
  /** Addresses that take no pictures, such as a welcome page. They need no token and are not counted. */
  pages?(service: Service): Router;
  /** Whether an error outside the endpoints, such as an unknown path, is written in this protocol's form. */
  ownsPath(path: string): boolean;
  /**
   * @param requestId of the request, for protocols that name it
   * @param request for protocols with several forms of errors
   */
  toErrorReply(error: OcrHubError, requestId: string, request: Request): Reply;
  /** Describes the endpoints for the served modules. */
  toOpenApi(modules: readonly ServiceDescription[]): OpenApiPart;
}

/** The part of one protocol in /openapi.json. */
export interface OpenApiPart {
  /** OpenAPI path items by address, such as `/predict/ocr_system`. */
  readonly paths: Paths;
  /** Schemas for `#/components/schemas/`. All protocols share the names. */
  readonly schemas: Readonly<Record<string, object>>;
}

/** An address to which pictures are sent: it answers what was read, or takes the pictures for a job. */
export type Endpoint = ReadingEndpoint | JobEndpoint;

interface ReadingEndpoint extends EndpointBase {
  toReply(answer: PredictAnswer, asked: Asked): Reply | Promise<Reply>;
}

interface JobEndpoint extends EndpointBase {
  /**
   * Called with a request that was checked and is not read yet.
   *
   * @throws OcrHubError of the store of jobs
   */
  accept(work: ServiceRequest, asked: Asked): Promise<Reply>;
}

interface EndpointBase {
  /** Default: `post`. */
  readonly method?: 'post' | 'put';
  /** Express's pattern: `/predict/:module`. */
  readonly path: string;
  readonly bodyTypes: readonly BodyType[];
  /**
   * Tells apart endpoints of several protocols that have one address. It is called with the headers alone, and again with the
   * body. Default: the endpoint takes all requests that those before it do not take.
   */
  takes?(request: Request, body?: Uint8Array): boolean;
  /**
   * The name under which the module is served.
   *
   * @throws OcrHubError `lines_module_missing`
   */
  moduleOf(request: Request, served: readonly ServiceDescription[]): string;
  /**
   * @param request for headers and the query; its body has been read
   * @param fields the module's own fields, which come before those of the protocol
   * @throws OcrHubError for a request that the protocol refuses
   */
  parse(body: Uint8Array, request: Request, fields: ObjectSchema): ParsedRequest | Promise<ParsedRequest>;
}

/** An address of something that the server keeps. */
export interface Resource {
  readonly method: PathMethod;
  /** Express's pattern: `/jobs/:id`. */
  readonly path: string;
  /** Whether it is answered without a token, because its address is secret. */
  readonly isOpen?: boolean;
  /** What its body may hold; none by default, and then the body is not read. */
  readonly bodyTypes?: readonly BodyType[];
  /**
   * @param body empty without `bodyTypes`
   * @param token its name; undefined if the server asks for none
   */
  answer(request: Request, body: Uint8Array, token: string | undefined): Promise<Reply>;
}

/** The request that an answer belongs to. */
export interface Asked {
  readonly request: Request;
  readonly requestId: string;
  /** The name of its token; undefined if the server asks for none. */
  readonly token: string | undefined;
  readonly parsed: ParsedRequest;
  /** Those of the request, and those that were fetched. */
  readonly files: readonly RequestFile[];
  readonly module: ServiceDescription;
}

export interface ParsedRequest {
  readonly files: readonly RequestFile[];
  /** Addresses of further files, which the server fetches. */
  readonly urls?: readonly string[];
  /** The fields of the module and of documents (service/reading.ts). */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Fields that came as text, from a query or a form; the schema of the field says what the text means. */
  readonly texts?: Readonly<Record<string, string>>;
  /** `answer.output` is an archive with a small picture of each page, on which the lines are outlined. */
  readonly previews?: boolean;
}

/** An HTTP answer, and the words of the protocol in it that the log shows. */
export interface Reply {
  readonly http: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** The protocol's word for the outcome, such as HubServing's "000". */
  readonly status: string;
  readonly message: string;
}

export type Paths = Readonly<Record<string, PathItem>>;

export type PathItem = Readonly<Partial<Record<PathMethod, Operation>>>;

export type PathMethod = 'get' | 'post' | 'put' | 'delete';

export interface Operation {
  readonly operationId?: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Body>>;
}

type RequestBody = Body & { readonly required: boolean };

/** What a request or an answer holds, by media type; without `content`, an answer without a body. */
export interface Body {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
