import { useEffect, useState } from 'preact/hooks';
import { useTexts } from '../../texts/use-texts.js';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly isPrimary?: boolean;
}

export function CopyButton({ label, text, isPrimary = false }: Props) {
  const texts = useTexts();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  useEffect(() => setOutcome(undefined), [text]);
  return (
    <>
      <button
        type="button"
        class={isPrimary ? 'primary' : undefined}
        onClick={() => void copy(text).then((isDone) => setOutcome(isDone ? 'copied' : 'failed'))}
      >
        {label}
      </button>
      <span role="status" class="outcome">
        {outcome === 'copied' ? texts.copied : outcome === 'failed' ? texts.copyFailed : ''}
      </span>
    </>
  );
}

/** The clipboard of scripts is only there with https and on this machine; a page of another machine copies a selection. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Deprecated, and the only way where the browser hides `navigator.clipboard`. */
interface CopyingDocument {
  execCommand(command: 'copy'): boolean;
}

function copySelected(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const isDone = (document as unknown as CopyingDocument).execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isDone;
}
