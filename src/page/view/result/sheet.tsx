import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownPage } from '../../server/reading.js';
import { useTexts } from '../../texts/use-texts.js';
import { isPointing, scrollInside } from './scroll-inside.js';
import { textPlaceOf } from './text-place.js';

interface Props {
  readonly page: ShownPage;
  /** Index of the line that has the pointer or the focus. */
  readonly active: number | undefined;
  readonly onActive: (line: number | undefined) => void;
}

const zooms = [1, 1.5, 2, 3, 4, 6];

/** The picture of a page with the outlines of its lines, and their text over it, which can be selected. */
export function Sheet({ page, active, onActive }: Props) {
  const texts = useTexts();
  const [zoom, setZoom] = useState(0);
  const [hasOutlines, setOutlines] = useState(true);
  const area = useRef<HTMLDivElement>(null);
  const { number, width, height, pictureUrl } = page;
  useEffect(() => {
    if (active !== undefined) scrollInside(area.current, area.current?.querySelector(`[data-line="${active}"]`));
  }, [active]);
  const zoomBy = (step: number): void => setZoom(Math.min(Math.max(zoom + step, 0), zooms.length - 1));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomBy(1);
    else if (event.key === '-') zoomBy(-1);
    else if (event.key === '0') setZoom(0);
  };
  return (
    <>
      <div class="toolbar">
        <button type="button" aria-label={texts.zoomOut} disabled={zoom === 0} onClick={() => zoomBy(-1)}>
          <span aria-hidden="true">−</span>
        </button>
        <button type="button" title={texts.zoomFit} onClick={() => setZoom(0)}>
          {Math.round((zooms[zoom] ?? 1) * 100)} %<span class="visually-hidden">, {texts.zoomFit}</span>
        </button>
        <button type="button" aria-label={texts.zoomIn} disabled={zoom === zooms.length - 1} onClick={() => zoomBy(1)}>
          <span aria-hidden="true">+</span>
        </button>
        <button type="button" aria-pressed={hasOutlines} onClick={() => setOutlines(!hasOutlines)}>
          {texts.outlines}
        </button>
      </div>
      <div
        ref={area}
        class="sheet-area"
        role="region"
        aria-label={texts.pictureArea}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <svg
          class={hasOutlines ? 'sheet outlined' : 'sheet'}
          style={{ width: `${(zooms[zoom] ?? 1) * 100}%` }}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={texts.picture(number)}
          onMouseLeave={() => onActive(undefined)}
        >
          {pictureUrl === undefined ? (
            <text x="10" y="30">
              {texts.noPicture}
            </text>
          ) : (
            <image href={pictureUrl} width={width} height={height} preserveAspectRatio="none" />
          )}
          {page.lines.map((line, i) => (
            <LineShape key={i} line={line} index={i} isActive={active === i} onActive={onActive} />
          ))}
        </svg>
      </div>
    </>
  );
}

interface ShapeProps {
  readonly line: ShownPage['lines'][number];
  readonly index: number;
  readonly isActive: boolean;
  readonly onActive: Props['onActive'];
}

function LineShape({ line: { region, text }, index, isActive, onActive }: ShapeProps) {
  if (region === undefined) return null;
  const { x, y, length, height, degrees } = textPlaceOf(region, text);
  return (
    <g
      class={isActive ? 'line-shape active' : 'line-shape'}
      data-line={index}
      onMouseMove={(event) => isPointing(event) && onActive(index)}
    >
      <polygon points={region.map((point) => point.join(',')).join(' ')} onClick={() => onActive(index)} />
      {text !== '' && length > 0 && (
        <text
          transform={`translate(${x} ${y}) rotate(${degrees})`}
          font-size={height}
          textLength={length}
          lengthAdjust="spacingAndGlyphs"
          onClick={() => onActive(index)}
        >
          {text}
        </text>
      )}
    </g>
  );
}
