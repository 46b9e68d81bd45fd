import type { OcrHubError } from '../../../errors/error.js';
import type { ErrorKind } from '../../../errors/kinds.js';
import type { Reply } from '../../protocol.js';

/** `{"error": {"code", "message", "innererror"}}`; the inner code is that of ocrhub. */
export function toErrorReply(error: OcrHubError): Reply {
  const { httpStatus, message } = error;
  // The service has no 422.
  const http = httpStatus === 422 ? 400 : httpStatus;
  const body = { error: toError(error) };
  return { http, contentType: 'json', body: JSON.stringify(body), status: body.error.code, message };
}

interface AzureError {
  readonly code: string;
  readonly message: string;
  readonly innererror: { readonly code: string; readonly message: string };
}

export function toError({ kind, code, message }: OcrHubError): AzureError {
  return { code: codes[kind] ?? 'InternalServerError', message, innererror: { code, message } };
}

const codes: Readonly<Partial<Record<ErrorKind, string>>> = {
  malformed: 'InvalidRequest',
  invalid: 'InvalidArgument',
  unauthorized: 'Unauthorized',
  not_found: 'NotFound',
  too_large: 'InvalidContentLength',
  unreadable: 'InvalidContent',
  overloaded: 'TooManyRequests',
  not_installed: 'NotSupported',
  unavailable: 'ServiceUnavailable',
  timeout: 'Timeout',
};
