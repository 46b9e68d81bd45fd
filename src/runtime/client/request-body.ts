import { constants } from 'node:buffer';
import { isPdf } from '../pdf/pdf-file.js';
import { parseValue } from '../values/assignments.js';

/** What a request says beside its file. */
export interface RequestFields {
  /** Fields of the module, with their values as the user typed them. */
  readonly fields: Readonly<Record<string, string>>;
  /** Fields for documents and formats, such as `pages` and `format`. */
  readonly document: Readonly<Record<string, string>>;
}

export interface RequestBody {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/**
 * The body of the request for one file. A picture alone is sent as HubServing's JSON, which every server of the protocol
 * reads. A PDF file, and a request with fields for documents, is sent as a form.
 *
 * @param name of the file, for formats that name it
 * @param bytes at most `maxRequestFile`
 */
export async function toRequestBody(name: string, bytes: Buffer, request: RequestFields): Promise<RequestBody> {
  if (isPdf(bytes)) return toForm(name, bytes, request);
  // A password is for PDF files, and may be set for all files of a command.
  const document = Object.fromEntries(Object.entries(request.document).filter(([name]) => name !== 'password'));
  return Object.keys(document).length > 0 ? toForm(name, bytes, { ...request, document }) : toJson(bytes, request);
}

async function toForm(name: string, bytes: Buffer, { fields, document }: RequestFields): Promise<RequestBody> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ ...fields, ...document })) form.set(field, value);
  form.set('file', new Blob([Uint8Array.from(bytes)]), name);
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? '';
  return { contentType, body: new Uint8Array(await encoded.arrayBuffer()) };
}

function toJson(bytes: Buffer, { fields }: RequestFields): RequestBody {
  const values = Object.entries(fields).map(([field, text]) => [field, parseValue(text)]);
  const body = JSON.stringify({ ...(Object.fromEntries(values) as object), images: [bytes.toString('base64')] });
  return { contentType: 'application/json', body };
}

/** Bytes of the largest file that fits into a string as base64, with the rest of the body. */
export const maxRequestFile = Math.floor(constants.MAX_STRING_LENGTH / 4) * 3 - 1024 ** 2;
