import { OcrHubError } from '../errors/error.js';
import { sendPicture, type SentPicture } from './send.js';

/** A picture that has no answer. */
export interface UnansweredPicture {
  readonly file: string;
  readonly error: OcrHubError;
  /** False where the server was known to be gone: the picture was not sent. */
  readonly isSent: boolean;
}

/**
 * Sends pictures one after another. One that fails does not stop the others; but without a server there is nothing to
 * go on with, and the rest share its error.
 *
 * @throws OcrHubError `server_unreachable` when it was never there
 */
export async function* collectAnswers(
  url: string,
  files: readonly string[],
  token: string | undefined,
): AsyncGenerator<SentPicture | UnansweredPicture> {
  let gone: OcrHubError | undefined;
  for (const [i, file] of files.entries()) {
    if (gone !== undefined) {
      yield { file, error: gone, isSent: false };
      continue;
    }
    const answer = await sendPicture(url, file, token).catch((error: unknown) => OcrHubError.of(error));
    if (!OcrHubError.is(answer)) {
      yield answer;
      continue;
    }
    if (answer.code === 'server_unreachable') {
      if (i === 0) throw answer;
      gone = answer;
    }
    yield { file, error: answer, isSent: true };
  }
}
