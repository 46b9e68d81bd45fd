/** A refused request, or a server that did not answer. An abort is thrown as the reason of its signal instead. */
export class OcrhubError extends Error {
  override readonly name = 'OcrhubError';
  /**
   * The code of docs/errors.md. `server_unreachable`: no server answered. `answer_unexpected`: the answer has not the form
   * of ocrhub's. `http_502` and the like: the answer has no code, as from a proxy.
   */
  readonly code: string;
  /** The HTTP status; undefined if no server answered. */
  readonly status: number | undefined;
  /** What to do next; empty if the server names nothing. */
  readonly hint: string;
  /** The id of the request in the log of the server. */
  readonly requestId: string | undefined;

  constructor(message: string, { code, status, hint = '', requestId, cause }: OcrhubErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.requestId = requestId;
  }
}

interface OcrhubErrorDetails {
  readonly code: string;
  readonly status?: number | undefined;
  readonly hint?: string;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** Makes an error of an answer: of its headers, and of HubServing's form in its body. */
export async function toOcrhubError(response: Response): Promise<OcrhubError> {
  const { status, statusText, headers } = response;
  const message = messageIn(await response.text()) ?? `The server answered with ${status} ${statusText}`.trimEnd();
  return new OcrhubError(message, {
    // A browser hides the headers of another origin unless the server exposes them.
    code: headers.get('X-Ocrhub-Error') ?? `http_${status}`,
    status,
    hint: decodeHint(headers.get('X-Ocrhub-Hint') ?? ''),
    requestId: headers.get('X-Request-Id') ?? undefined,
  });
}

function messageIn(body: string): string | undefined {
  try {
    const { msg } = JSON.parse(body) as { msg?: unknown };
    return typeof msg === 'string' && msg !== '' ? msg : undefined;
  } catch {
    // Not JSON: a proxy answers in a form of its own.
    return undefined;
  }
}

function decodeHint(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded.
    return text;
  }
}
