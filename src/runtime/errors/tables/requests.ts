import { row, type NoDetails } from '../row.js';
import { describeUnreadable } from '../wording.js';

/** Requests over HTTP, and modules that fail to answer them. */
export const requestErrors = {
  token_refused: row<{ given: boolean }>({
    kind: 'unauthorized',
    message: (d) => (d.given ? 'The token is not the one of this server' : 'This server asks for a token'),
    hint: () => 'Send it as Authorization: Bearer <token>; ocrhub predict takes it from OCRHUB_TOKEN or --token_file.',
  }),
  host_refused: row<{ host: string }>({
    kind: 'forbidden',
    message: (d) => `The host ${JSON.stringify(d.host)} is not one of this server`,
    hint: () => 'Ask it as localhost or 127.0.0.1, or start it with --allowed_hosts and the name.',
  }),
  cross_site_refused: row<{ origin: string }>({
    kind: 'forbidden',
    message: (d) => `A page of another site may not send this request (${JSON.stringify(d.origin)})`,
    hint: () => 'Start the server with --cors and the origin of the page.',
  }),
  module_not_served: row<{ name: string }>({
    kind: 'not_found',
    // The original's words: clients compare them.
    message: (d) => `Module ${d.name} is not available.`,
  }),
  path_unknown: row<{ method: string; path: string; endpoints: readonly string[] }>({
    kind: 'not_found',
    message: (d) => `There is nothing at ${d.method} ${d.path}; pictures are sent to ${d.endpoints.join(' or ')}`,
  }),
  method_not_allowed: row<{ method: string; path: string; allowed: string }>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 405,
    message: (d) => `${d.method} ${d.path} is not allowed; allowed: ${d.allowed}`,
  }),
  content_type_unknown: row<{ type: string; expected: string }>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 415,
    message: (d) => `The content type is "${d.type}"; send the body as ${d.expected}`,
  }),
  encoding_unknown: row<{ encoding: string; accepted: string }>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 415,
    message: (d) =>
      `The header Content-Encoding is ${JSON.stringify(d.encoding)}; a body may be uncompressed, without that header, or one of ${d.accepted}`,
  }),
  request_malformed: row<{ problem: string; expected: string }>({
    kind: 'malformed',
    message: (d) => `The request cannot be read: ${d.problem}; expected ${d.expected}`,
  }),
  headers_too_large: row<NoDetails>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 431,
    message: () => 'The address and the headers of the request are too long; the limit is 16 KiB together',
  }),
  target_too_long: row<NoDetails>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 414,
    message: () => 'The address of the request is longer than 16 KiB',
    hint: () => 'Send pictures and fields in the body of a POST request.',
  }),
  chunks_too_large: row<NoDetails>({
    kind: 'too_large',
    message: () => 'The extensions of the chunks of the body are longer than 16 KiB',
  }),
  request_timed_out: row<NoDetails>({
    kind: 'timeout',
    // The client was too slow, not the server.
    http: 408,
    message: () => 'The headers of the request, or its whole body, did not arrive in time',
    hint: () => 'Send it again.',
  }),
  expectation_unknown: row<{ expectation: string }>({
    kind: 'malformed',
    // HTTP has a status of its own for it.
    http: 417,
    message: (d) => `The header Expect is ${JSON.stringify(d.expectation)}; only "100-continue" is understood`,
  }),
  request_not_object: row<{ got: string; expected: string }>({
    kind: 'malformed',
    message: (d) => `The request is ${d.got}; expected an object ${d.expected}`,
  }),
  body_too_large: row<{ limit: number }>({
    kind: 'too_large',
    message: (d) => `The body is larger than ${d.limit} bytes`,
    hint: () => 'Send fewer or smaller pictures, or start the server with a higher --max_body.',
  }),
  body_stalled: row<{ seconds: number }>({
    kind: 'timeout',
    // The client was too slow, not the server.
    http: 408,
    message: (d) => `The body stopped arriving: nothing came for ${d.seconds} s`,
    hint: () => 'Send it again.',
  }),
  arrivals_full: row<{ limit: number }>({
    kind: 'overloaded',
    message: (d) => `The request bodies being received exceed ${d.limit} bytes together`,
    hint: () => 'Try again later.',
  }),
  images_missing: row<NoDetails>({
    kind: 'invalid',
    message: () => 'The field "images" is missing; expected a list of base64 strings',
  }),
  images_invalid: row<{ problem: string }>({
    kind: 'invalid',
    message: (d) => `The field "images" must be a list of base64 strings: ${d.problem}`,
  }),
  images_too_many: row<{ count: number; limit: number }>({
    kind: 'invalid',
    message: (d) => `The request holds ${d.count} pictures, more than the limit of ${d.limit}`,
    hint: () => 'Send them in several requests.',
  }),
  image_not_base64: row<{ field: string; problem: string }>({
    kind: 'invalid',
    message: (d) => `${d.field} is not base64: ${d.problem}`,
  }),
  paths_refused: row<NoDetails>({
    kind: 'invalid',
    message: () => 'The field "paths" is refused: it would read files of the server; send the pictures in "images"',
  }),
  urls_refused: row<NoDetails>({
    kind: 'invalid',
    message: () => 'Addresses of files are refused: this server was started without --allow_urls',
    hint: () => 'Send the file itself, or start the server with --allow_urls and the host of the address.',
  }),
  urls_invalid: row<{ problem: string }>({
    kind: 'invalid',
    message: (d) => `The field "urls" must be a list of addresses such as https://example.com/scan.pdf: ${d.problem}`,
  }),
  urls_too_many: row<{ count: number; limit: number }>({
    kind: 'invalid',
    message: (d) => `The request holds ${d.count} addresses, more than the limit of ${d.limit}`,
    hint: () => 'Send them in several requests.',
  }),
  url_host_refused: row<{ url: string; host: string }>({
    kind: 'invalid',
    message: (d) => `${d.url} is refused: the host ${d.host} is not in --allow_urls of this server`,
    hint: (d) => `Send the file itself, or start the server with --allow_urls ${d.host}`,
  }),
  url_refused: row<{ url: string; problem: string }>({
    kind: 'invalid',
    message: (d) => `${d.url} is refused: ${d.problem}`,
    hint: () => 'Send the file itself.',
  }),
  url_unreachable: row<{ url: string; problem: string }>({
    // The address is the client's input, as a picture that cannot be decoded.
    kind: 'unreadable',
    message: (d) => `${d.url} cannot be fetched: ${d.problem}`,
    hint: () => 'Check the address, or send the file itself.',
  }),
  url_too_large: row<{ url: string; limit: number }>({
    kind: 'unreadable',
    message: (d) => `${d.url} cannot be fetched: the fetched files are larger than ${d.limit} bytes together`,
    hint: () => 'Send fewer or smaller files, or start the server with a higher --max_body.',
  }),
  urls_too_slow: row<{ seconds: number }>({
    kind: 'unreadable',
    message: (d) => `The fetched files did not arrive within ${d.seconds} s`,
    hint: () => 'Send the files themselves.',
  }),
  format_without_lines: row<{ module: string; format: string }>({
    kind: 'invalid',
    message: (d) => `format=${d.format} needs lines of text with their places, which ${d.module} does not answer`,
    hint: () => 'Leave "format" out, or ask a module such as ocr_system.',
  }),
  lines_module_missing: row<{ path: string; served: readonly string[] }>({
    kind: 'not_found',
    message: (d) =>
      `${d.path} is answered by the module ocr_system, which is not served; this server has ${d.served.join(', ') || 'none'}`,
    hint: () => 'Start the server with -m ocr_system, or with a single module that answers lines of text.',
  }),
  tool_file_missing: row<{ given: readonly string[] }>({
    kind: 'invalid',
    message: (d) => `Give exactly one of path, base64 and url; got ${d.given.join(' and ') || 'none'}`,
  }),
  tool_file_refused: row<{ file: string; problem: string }>({
    kind: 'invalid',
    message: (d) => `The file ${d.file} cannot be read: ${d.problem}`,
    hint: () => 'Give the absolute path of a picture, a PDF or a TIFF file.',
  }),
  model_version_unknown: row<{ model: string; version: string; served: string }>({
    kind: 'not_found',
    message: (d) => `Version ${d.version} of the model ${d.model} is not available; version ${d.served} is`,
    hint: (d) => `Ask for version ${d.served}, or leave the version out.`,
  }),
  lines_missing: row<{ module: string }>({
    kind: 'invalid',
    message: (d) => `The answer needs lines of text with their places, which ${d.module} does not give`,
    hint: () => 'Start the server with -m ocr_system.',
  }),
  no_image_readable: row<{ unreadable: readonly UnreadablePicture[] }>({
    kind: 'unreadable',
    message: (d) => `No picture could be read: ${describeUnreadable(d.unreadable)}`,
    hint: (d) => [...new Set(d.unreadable.map(({ hint }) => hint))].join(' '),
  }),
  answer_too_large: row<{ limit: number }>({
    kind: 'unreadable',
    message: (d) => `The text of the request has more than ${d.limit} bytes as JSON`,
    hint: () => 'Ask for fewer pages at once, such as pages=1-20.',
  }),
  files_unreadable: row<{ format: string; unreadable: readonly UnreadablePicture[] }>({
    kind: 'unreadable',
    message: (d) => `format=${d.format} needs all files, and some cannot be read: ${describeUnreadable(d.unreadable)}`,
    hint: (d) => [...new Set(d.unreadable.map(({ hint }) => hint))].join(' '),
  }),
  format_too_costly: row<{ format: string; use: string }>({
    kind: 'unreadable',
    message: (d) => `The answer in format=${d.format} is refused: it takes ${d.use} to write`,
    hint: () => 'Ask for fewer pages at once, such as pages=1-20, or for another format.',
  }),
  module_threw: row<{ module: string; problem: string; stack: string; frames: string }>({
    kind: 'module_failed',
    message: (d) => d.problem,
    hint: (d) => d.frames,
  }),
  module_never_answered: row<NoDetails>({
    kind: 'failed',
    message: () => 'the module never answered: a promise it awaits is never settled',
  }),
  module_ended_process: row<{ code: number }>({
    kind: 'failed',
    message: (d) => `the module ended the process before it answered (exit code ${d.code})`,
  }),
  module_answer_invalid: row<{ module: string; problem: string }>({
    kind: 'module_failed',
    message: (d) => `Module ${d.module} answered something that cannot be sent: ${d.problem}`,
  }),
} as const;

export interface UnreadablePicture {
  /** Place in the request, from 0. */
  readonly index: number;
  /** Of the error. */
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}
