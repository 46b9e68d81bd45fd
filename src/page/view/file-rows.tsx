import type { ListedFile } from '../files/file-list.js';
import type { Files } from '../files/use-files.js';
import { useTexts } from '../texts/use-texts.js';
import { lineCount } from './announcer.js';
import { ProblemText } from './problem-text.js';

interface Props {
  readonly files: Files;
  readonly maxBody: number | undefined;
}

/** The list of the files with their states. */
export function FileRows({ files, maxBody }: Props) {
  const texts = useTexts();
  if (files.files.length === 0) return null;
  return (
    <section aria-labelledby="files-heading">
      <h2 id="files-heading">{texts.files}</h2>
      <ul class="files">
        {files.files.map((file) => (
          <FileRow key={file.id} listed={file} files={files} maxBody={maxBody} />
        ))}
      </ul>
    </section>
  );
}

function FileRow({ listed, files, maxBody }: Props & { readonly listed: ListedFile }) {
  const texts = useTexts();
  const { id, file, state } = listed;
  const isShown = files.shown === id;
  const isRunning = state.kind === 'waiting' || state.kind === 'reading';
  const action = (label: string, run: (id: number) => void, sign: string) => (
    <button
      type="button"
      class="small"
      title={label}
      aria-label={texts.withName(label, file.name)}
      onClick={() => run(id)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  return (
    <li class={isShown ? 'file shown' : 'file'}>
      <div class="file-row">
        <button type="button" class="file-name" aria-pressed={isShown} onClick={() => files.show(id)}>
          <bdi>{file.name}</bdi>
          <span class={`state ${state.kind}`}>{stateText(state, texts)}</span>
        </button>
        {isRunning
          ? action(texts.cancel, (it) => files.cancel(it), '■')
          : action(texts.again, (it) => files.again(it), '↻')}
        {action(texts.remove, (it) => files.remove(it), '✕')}
      </div>
      {state.kind === 'failed' && <ProblemText problem={state.problem} maxBody={maxBody} />}
    </li>
  );
}

function stateText(state: ListedFile['state'], { states, summary }: ReturnType<typeof useTexts>): string {
  if (state.kind !== 'done') return states[state.kind];
  return `${states.done}: ${summary(lineCount(state.answer.pages), state.answer.pages.length)}`;
}
