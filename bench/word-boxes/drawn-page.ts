import sharp from 'sharp';
import type { Point, Quad } from '../../src/runtime/geometry/point.js';
import type { TrueLine, TrueWord } from '../../test/helpers/word-boxes.js';
import { punctuation, type Face, type Kind, type Part } from './lines.js';
import { pick, type Random } from './random.js';

export interface DrawnPage {
  /** PNG. */
  readonly picture: Buffer;
  readonly lines: readonly TrueLine[];
}

/** Draws a page of lines of random text, sizes and fonts. It measures each word by drawing that word alone. */
export async function drawPage(kind: Kind, random: Random): Promise<DrawnPage> {
  const drawn: { svg: string; words: UprightWord[] }[] = [];
  let base = 40;
  while (base < maxBase) {
    const size = 18 + Math.floor(random() * 22);
    base += Math.round(size * 1.3);
    const place = { x: 30 + Math.floor(random() * 30), base, size, face: pick(kind.faces, random) };
    drawn.push(await drawLine(kind.line(random), place));
    base += Math.round(size * 0.7);
  }
  const turn = turnOf(kind.angle, pageWidth, base + 30);
  const texts = drawn.map(({ svg }) => svg).join('');
  const body = kind.flaw === 'underline' ? texts.replaceAll('<tspan ', '<tspan text-decoration="underline" ') : texts;
  const page = sharp(svgOf(turn.width, turn.height, `<g transform="${turn.transform}">${body}</g>`));
  const { data, info } = await page.flatten({ background: '#fff' }).raw().toBuffer({ resolveWithObject: true });
  if (kind.flaw === 'noise') addNoise(data, random);
  const picture = await sharp(data, { raw: info }).png().toBuffer();
  return { picture, lines: drawn.map(({ words }) => words.map((word) => turned(word, turn.there))) };
}

const pageWidth = 1000;
const maxBase = 640;

/** A word before the page is turned: its ink from left to right, and three ways to say how high it is. */
interface UprightWord {
  readonly text: string;
  readonly kind: TrueWord['kind'];
  readonly left: number;
  readonly right: number;
  readonly font: Rows;
  readonly ink: Rows;
  readonly own: Rows;
}

type Rows = readonly [top: number, bottom: number];

function turned({ text, kind, left, right, ...rows }: UprightWord, there: (point: Point) => Point): TrueWord {
  const quad = ([top, bottom]: Rows): Quad => [
    there([left, top]),
    there([right, top]),
    there([right, bottom]),
    there([left, bottom]),
  ];
  return { text, kind, font: quad(rows.font), ink: quad(rows.ink), own: quad(rows.own) };
}

/** A turn about the middle of the page, onto a page that is large enough. */
function turnOf(degrees: number, width: number, height: number) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const wide = Math.ceil(Math.abs(width * cos) + Math.abs(height * sin));
  const high = Math.ceil(Math.abs(width * sin) + Math.abs(height * cos));
  return {
    width: wide,
    height: high,
    transform: `translate(${wide / 2} ${high / 2}) rotate(${degrees}) translate(${-width / 2} ${-height / 2})`,
    there: ([x, y]: Point): Point => {
      const [dx, dy] = [x - width / 2, y - height / 2];
      return [wide / 2 + dx * cos - dy * sin, high / 2 + dx * sin + dy * cos];
    },
  };
}

interface Place {
  readonly x: number;
  readonly base: number;
  readonly size: number;
  readonly face: Face;
}

async function drawLine(parts: readonly Part[], place: Place): Promise<{ svg: string; words: UprightWord[] }> {
  const { base, size, face } = place;
  // Each word is measured in a small picture, in which the base line is elsewhere.
  const measured = { ...place, base: Math.round(size * 1.5) };
  const boundsOf = async (isShown: (i: number) => boolean): Promise<Bounds> => {
    const { top, bottom, ...sides } = await inkOf(svgOf(pageWidth, size * 2, textOf(parts, measured, isShown)));
    const down = base - measured.base;
    return { ...sides, top: top + down, bottom: bottom + down };
  };
  const whole = await boundsOf(() => true);
  const words: UprightWord[] = [];
  for (const [i, { text }] of parts.entries()) {
    const { left, right, top, bottom } = await boundsOf((other) => other === i);
    const font: Rows = [base - face.ascent * size, base + face.descent * size];
    words.push({ text, kind: kindOf(text), left, right, font, ink: [whole.top, whole.bottom], own: [top, bottom] });
  }
  return { svg: textOf(parts, place, () => true), words };
}

function kindOf(text: string): TrueWord['kind'] {
  if (/\p{Script=Han}/u.test(text)) return 'han';
  if (punctuation.includes(text)) return 'mark';
  return text.length <= 2 ? 'short' : 'word';
}

function textOf(parts: readonly Part[], { x, base, size, face }: Place, isShown: (i: number) => boolean): string {
  const style = `font-family="${face.family}" font-size="${size}" font-weight="${face.weight ?? 'normal'}" font-style="${face.style ?? 'normal'}"`;
  const spans = parts.map(
    ({ text, spaced }, i) => `<tspan fill-opacity="${isShown(i) ? 1 : 0}">${spaced ? ' ' : ''}${escaped(text)}</tspan>`,
  );
  return `<text xml:space="preserve" x="${x}" y="${base}" ${style}>${spans.join('')}</text>`;
}

interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The pixels that are at least a third black. */
async function inkOf(svg: Buffer): Promise<Bounds> {
  const { data, info } = await sharp(svg).extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  let [left, right, top, bottom] = [info.width, 0, info.height, 0];
  data.forEach((alpha, at) => {
    if (alpha < 85) return;
    const [x, y] = [at % info.width, Math.floor(at / info.width)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  });
  return { left, right, top, bottom };
}

/** Up to 60 grey values up or down, as a camera has it in the dark. */
function addNoise(data: Buffer, random: Random): void {
  for (let at = 0; at < data.length; at += 3) {
    const change = Math.round((random() - 0.5) * 120);
    for (let i = at; i < at + 3; i++) data[i] = Math.min(255, Math.max(0, (data[i] ?? 0) + change));
  }
}

function svgOf(width: number, height: number, body: string): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
