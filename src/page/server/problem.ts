import { OcrhubError } from '../../runtime/fetch-client/error.js';

/** Why a file could not be read. */
export interface Problem {
  /** Of docs/errors.md, `server_unreachable`, or one of the page's own. */
  readonly code: string;
  /** Of the server; empty where the page has words of its own for the code. */
  readonly message: string;
  readonly hint: string;
  /** The id of the request in the log of the server; empty if there is none. */
  readonly requestId: string;
}

export function toProblem(error: unknown): Problem {
  if (error instanceof OcrhubError) {
    const { message, hint, requestId = '' } = error;
    return { code: error.status === 401 ? 'token_refused' : error.code, message, hint, requestId };
  }
  return {
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
    hint: '',
    requestId: '',
  };
}
