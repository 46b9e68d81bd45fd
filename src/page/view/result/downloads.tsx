import { useEffect, useRef, useState } from 'preact/hooks';
import { toProblem, type Problem } from '../../server/problem.js';
import type { ReadRequest } from '../../server/reading.js';
import { readAs } from '../../server/server.js';
import { useTexts } from '../../texts/use-texts.js';
import { ProblemText } from '../problem-text.js';
import { downloadName, formatLabel } from './download-name.js';

interface Props {
  readonly request: ReadRequest;
  readonly formats: readonly string[];
  readonly token: string;
}

type Outcome =
  | { readonly kind: 'busy'; readonly format: string }
  | { readonly kind: 'saved'; readonly name: string }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** A button for each format that the server writes. */
export function Downloads({ request, formats, token }: Props) {
  const texts = useTexts();
  const [outcome, setOutcome] = useState<Outcome>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), [request]);

  const download = async (format: string): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: 'busy', format });
    try {
      const blob = await readAs(format, request, token, controller.signal);
      const name = downloadName(request.file.name, format, blob.type);
      save(blob, name);
      setOutcome({ kind: 'saved', name });
    } catch (error) {
      if (!controller.signal.aborted) setOutcome({ kind: 'failed', problem: toProblem(error) });
    }
  };
  return (
    <div class="downloads" role="group" aria-label={texts.download}>
      <span>{texts.download}</span>
      {formats.map((format) => (
        <button key={format} type="button" class="small" data-format={format} onClick={() => void download(format)}>
          {formatLabel(format)}
        </button>
      ))}
      <span role="status" class="outcome">
        {outcome?.kind === 'busy' && texts.downloading(formatLabel(outcome.format))}
        {outcome?.kind === 'saved' && texts.downloaded(outcome.name)}
      </span>
      {outcome?.kind === 'failed' && (
        <div role="alert" class="problem">
          <ProblemText problem={outcome.problem} maxBody={undefined} />
        </div>
      )}
    </div>
  );
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the blob when the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
