import type { ShownPage } from '../../server/reading.js';
import { useTexts } from '../../texts/use-texts.js';

interface Props {
  readonly pages: readonly ShownPage[];
  /** Index of the page that is shown. */
  readonly place: number;
  readonly onPlace: (place: number) => void;
}

export function PageChooser({ pages, place, onPlace }: Props) {
  const texts = useTexts();
  const last = pages.length - 1;
  const count = pages.length;
  return (
    <div class="toolbar pages">
      <button type="button" disabled={place === 0} aria-label={texts.previousPage} onClick={() => onPlace(place - 1)}>
        <span aria-hidden="true">←</span>
      </button>
      <select
        aria-label={texts.pageOf(pages[place]?.number ?? 1, count)}
        value={String(place)}
        onChange={({ currentTarget }) => onPlace(Number(currentTarget.value))}
      >
        {pages.map(({ number }, i) => (
          <option key={number} value={String(i)}>
            {texts.pageOf(number, count)}
          </option>
        ))}
      </select>
      <button type="button" disabled={place === last} aria-label={texts.nextPage} onClick={() => onPlace(place + 1)}>
        <span aria-hidden="true">→</span>
      </button>
    </div>
  );
}
