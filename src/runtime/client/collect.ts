import { OcrHubError } from '../errors/error.js';
import { sendPicture, type SentPicture } from './send.js';

/** A picture without an answer. */
export interface UnansweredPicture {
  readonly file: string;
  readonly error: OcrHubError;
  /** False if the picture was not sent because the server had gone away before. */
  readonly isSent: boolean;
}

/**
 * Sends pictures one after another. A picture that fails does not stop the others. When the server goes away, the rest is
 * not sent and gets the same error.
 *
 * @throws OcrHubError `server_unreachable` if the first picture finds no server
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
