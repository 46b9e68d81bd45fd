import { OcrHubError } from '../errors/error.js';
import type { Input } from '../inputs/input.js';
import { inParallel } from './in-parallel.js';
import { sendFile, type Answer, type Destination } from './send.js';

/** A file without an answer. */
export interface Unanswered {
  readonly input: Input;
  readonly error: OcrHubError;
  /** False if the file was not sent because the server had gone away before. */
  readonly isSent: boolean;
}

export interface CollectOptions {
  /** Maximum requests at a time. */
  readonly concurrency: number;
  /** Whether answers come in the order of the files. If not, each comes when it is there. */
  readonly isOrdered: boolean;
}

/**
 * Sends files, each in a request of its own. A file that fails does not stop the others. When the server goes away, the rest
 * is not sent and gets the same error. The first file is sent alone.
 *
 * @throws OcrHubError `server_unreachable` if the first file finds no server
 */
export async function* collectAnswers(
  destination: Destination,
  inputs: readonly Input[],
  options: CollectOptions,
): AsyncGenerator<Answer | Unanswered> {
  let gone: OcrHubError | undefined;
  let isRunning = false;
  /** Of several requests at a time, the first that finds no server is reported. */
  const isFirstLoss = (error: OcrHubError): boolean => {
    const isFirst = gone === undefined;
    gone ??= error;
    return isFirst;
  };
  const send = async (input: Input): Promise<Answer | Unanswered> => {
    if (gone !== undefined) return { input, error: gone, isSent: false };
    const answer = await sendFile(destination, input, { isRunning }).catch((error: unknown) => OcrHubError.of(error));
    if (!OcrHubError.is(answer)) {
      isRunning = true;
      return answer;
    }
    if (answer.code === 'server_refused') isRunning = true;
    return { input, error: answer, isSent: answer.code !== 'server_unreachable' || isFirstLoss(answer) };
  };
  const [first, ...rest] = inputs;
  if (first === undefined) return;
  const answer = await send(first);
  if ('error' in answer && answer.error.code === 'server_unreachable') throw answer.error;
  yield answer;
  yield* inParallel(rest, send, options);
}
