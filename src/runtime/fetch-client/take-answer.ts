import type { Envelope, Health, OcrDocument } from './answers.js';
import { OcrhubError } from './error.js';

/** @throws OcrhubError if the answer has no documents */
export async function takeDocuments(response: Response): Promise<readonly OcrDocument[]> {
  const { documents } = await takeObject(response);
  if (!Array.isArray(documents)) throw unexpected(response, 'it has no `documents`');
  return documents as OcrDocument[];
}

/** @throws OcrhubError if the answer has not HubServing's form */
export async function takeEnvelope<R>(response: Response): Promise<Envelope<R>> {
  const answer = await takeObject(response);
  if (!isEnvelope(answer)) throw unexpected(response, "it has not HubServing's `msg`, `results` and `status`");
  return answer as unknown as Envelope<R>;
}

/** @throws OcrhubError if the answer has no status */
export async function takeHealth(response: Response): Promise<Health> {
  const answer = await takeObject(response);
  if (typeof answer['status'] !== 'string') throw unexpected(response, 'it has no `status`');
  return answer as unknown as Health;
}

type Answer = Readonly<Record<string, unknown>>;

async function takeObject(response: Response): Promise<Answer> {
  const answer = parse(await response.text());
  if (answer === undefined) throw unexpected(response, 'it is not a JSON object');
  // Where a browser hides the headers of another origin, this alone tells an error that is sent with status 200.
  if (isEnvelope(answer) && answer.status !== '000') {
    throw new OcrhubError(answer.msg, { code: `http_${response.status}`, status: response.status });
  }
  return answer;
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    // Such as the page of a proxy; the caller throws.
    return undefined;
  }
}

function isEnvelope(answer: Answer): answer is Answer & { readonly msg: string; readonly status: string } {
  return typeof answer['msg'] === 'string' && typeof answer['status'] === 'string' && 'results' in answer;
}

function unexpected({ status, url, headers }: Response, problem: string): OcrhubError {
  return new OcrhubError(`${url} answered with ${status}, but ${problem}. Is it a server of ocrhub?`, {
    code: 'answer_unexpected',
    status,
    requestId: headers.get('X-Request-Id') ?? undefined,
  });
}
