import type { Problem } from '../server/problem.js';
import type { Texts } from '../texts/english.js';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  readonly problem: Problem;
  readonly maxBody: number | undefined;
}

/** What went wrong, in the words of the page or of the server, with the server's hint. */
export function ProblemText({ problem, maxBody }: Props) {
  const texts = useTexts();
  const { hint, requestId } = problem;
  const isOwn = problem.code in texts.problems;
  // The server speaks English.
  const language = isOwn ? {} : { lang: 'en' };
  return (
    <div class="problem-text">
      <p {...language}>{problemMessage(problem, texts.problems, maxBody)}</p>
      {!isOwn && hint !== '' && (
        <p class="hint" lang="en">
          {hint}
        </p>
      )}
      {requestId !== '' && <p class="faint">{texts.requestId(requestId)}</p>}
    </div>
  );
}

export function problemMessage(
  { code, message }: Problem,
  problems: Texts['problems'],
  maxBody: number | undefined,
): string {
  if (code === 'file_too_large') return problems.file_too_large(sizeText(maxBody));
  if (code === 'server_unreachable' || code === 'file_unreadable' || code === 'token_refused') return problems[code];
  return message;
}

/** Such as "64 MiB". */
function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return '?';
  const isLarge = bytes >= 2 ** 20;
  return `${Math.round((bytes / 2 ** (isLarge ? 20 : 10)) * 10) / 10} ${isLarge ? 'MiB' : 'KiB'}`;
}
