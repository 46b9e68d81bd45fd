import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedFile } from '../files/file-list.js';
import { useTexts } from '../texts/use-texts.js';
import type { Texts } from '../texts/english.js';
import { problemMessage } from './problem-text.js';

/** Tells screen readers when the state of a file changes. */
export function Announcer({ files }: { readonly files: readonly ListedFile[] }) {
  const texts = useTexts();
  const known = useRef(new Map<number, string>());
  const [text, setText] = useState('');
  useEffect(() => {
    const news = files
      .filter(({ id, state }) => known.current.get(id) !== state.kind)
      .map((file) => newsOf(file, texts));
    known.current = new Map(files.map(({ id, state }) => [id, state.kind]));
    const told = news.filter((line) => line !== '').join('. ');
    if (told !== '') setText(told);
  }, [files]);
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}

function newsOf({ file: { name }, state }: ListedFile, { announced, problems }: Texts): string {
  switch (state.kind) {
    case 'reading':
      return announced.reading(name);
    case 'done':
      return announced.done(name, lineCount(state.answer.pages));
    case 'failed':
      return announced.failed(name, problemMessage(state.problem, problems, undefined));
    case 'waiting':
    case 'canceled':
      return '';
  }
}

export function lineCount(pages: readonly { readonly lines: readonly unknown[] }[]): number {
  return pages.reduce((sum, { lines }) => sum + lines.length, 0);
}
