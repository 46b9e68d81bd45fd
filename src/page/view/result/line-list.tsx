import { useEffect, useRef, useState } from 'preact/hooks';
import type { Line } from '../../server/answer.js';
import { useTexts } from '../../texts/use-texts.js';
import { isPointing, scrollInside } from './scroll-inside.js';

interface Props {
  readonly lines: readonly Line[];
  readonly active: number | undefined;
  readonly onActive: (line: number | undefined) => void;
}

/** The lines in reading order. Tab reaches the list, the arrow keys its lines. */
export function LineList({ lines, active, onActive }: Props) {
  const texts = useTexts();
  const list = useRef<HTMLOListElement>(null);
  const [focused, setFocused] = useState(0);
  useEffect(() => {
    if (active !== undefined) scrollInside(list.current, list.current?.children[active]);
  }, [active]);
  if (lines.length === 0) return <p>{texts.noLines}</p>;

  const focus = (index: number): void => {
    const button = list.current?.children[Math.min(Math.max(index, 0), lines.length - 1)]?.querySelector('button');
    button?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    focus(target);
  };
  const onCopy = (event: ClipboardEvent): void => {
    const text = lines[focused]?.text;
    if (text === undefined || document.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', text);
  };
  return (
    <>
      <ol ref={list} class="lines" onKeyDown={onKeyDown} onCopy={onCopy} onMouseLeave={() => onActive(undefined)}>
        {lines.map((line, i) => (
          <li
            key={i}
            class={active === i ? 'active' : undefined}
            onMouseMove={(event) => isPointing(event) && onActive(i)}
          >
            <button
              type="button"
              tabIndex={focused === i ? 0 : -1}
              onFocus={() => {
                setFocused(i);
                onActive(i);
              }}
              onClick={() => onActive(i)}
            >
              <span class="line-text" dir="auto">
                {line.text === '' ? <i>{texts.noText}</i> : line.text}
              </span>
              {line.confidence !== undefined && <Confidence value={line.confidence} />}
            </button>
          </li>
        ))}
      </ol>
      <p class="faint">{texts.lineHint}</p>
    </>
  );
}

/** Below this, a line is marked to be looked at. */
const doubtful = 0.8;

function Confidence({ value }: { readonly value: number }) {
  const texts = useTexts();
  const percent = (value * 100).toFixed(0);
  return (
    <span class={value < doubtful ? 'confidence doubtful' : 'confidence'} title={texts.confidence(percent)}>
      {percent}
      <span aria-hidden="true"> %</span>
      <span class="visually-hidden">{texts.confidence('')}</span>
    </span>
  );
}
