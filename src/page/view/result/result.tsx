import { useEffect, useRef, useState } from 'preact/hooks';
import type { FileState } from '../../files/file-list.js';
import { textOf } from '../../server/answer.js';
import { useTexts } from '../../texts/use-texts.js';
import { CopyButton } from './copy-button.js';
import { Downloads } from './downloads.js';
import { LineList } from './line-list.js';
import { PageChooser } from './page-chooser.js';
import { Programs } from './programs.js';
import { Sheet } from './sheet.js';
import { Tabs } from './tabs.js';
import { Times } from './times.js';

interface Props {
  readonly state: Extract<FileState, { kind: 'done' }>;
  readonly formats: readonly string[];
  readonly token: string;
}

/** What was read in a file: the picture of a page, and beside it the lines. */
export function Result({ state: { request, answer }, formats, token }: Props) {
  const texts = useTexts();
  const { pages, times } = answer;
  const [place, setPlace] = useState(0);
  const [active, setActive] = useState<number>();
  const [view, setView] = useState<'lines' | 'text' | 'answer'>('lines');
  const heading = useRef<HTMLHeadingElement>(null);
  const page = pages[Math.min(place, pages.length - 1)];
  // Nobody types somewhere else: the focus goes where the news is.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, [answer]);
  if (page === undefined) return null;
  const choosePage = (chosen: number): void => {
    setPlace(chosen);
    setActive(undefined);
  };
  const text = textOf(pages);
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        <bdi>{texts.result(request.file.name)}</bdi>
      </h2>
      <div class="result">
        <div class="picture-side">
          {pages.length > 1 && <PageChooser pages={pages} place={place} onPlace={choosePage} />}
          <Sheet key={page.number} page={page} active={active} onActive={setActive} />
        </div>
        <div class="text-side">
          <div class="buttons">
            <CopyButton label={texts.copyText} text={text} isPrimary />
          </div>
          <Downloads request={request} formats={formats} token={token} />
          <Tabs label={texts.viewsLabel} tabs={texts.views} chosen={view} onChoose={setView} id="view">
            {view === 'lines' && <LineList key={page.number} lines={page.lines} active={active} onActive={setActive} />}
            {view === 'text' && <textarea readOnly class="text" dir="auto" aria-label={texts.textLabel} value={text} />}
            {view === 'answer' && (
              <textarea
                readOnly
                class="text code"
                aria-label={texts.answerLabel}
                value={JSON.stringify(page.entry, null, 1)}
              />
            )}
          </Tabs>
          <Times times={times} />
          <Programs request={request} isDocument={pages.length > 1} needsToken={token !== ''} />
        </div>
      </div>
    </>
  );
}
