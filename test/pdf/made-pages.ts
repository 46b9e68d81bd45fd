import type { PageLine } from '../../src/runtime/document/page.js';
import type { ReadPage } from '../../src/runtime/document/read-document.js';
import type { Point, Quad } from '../../src/runtime/geometry/point.js';

export type PageKind = (typeof pageKinds)[number];

/** Kinds of pages; `lines` have no word boxes. */
export const pageKinds = [
  'latin',
  'chinese',
  'mixed',
  'beyond U+FFFF',
  'hebrew',
  'tilted 1-3 degrees',
  'tilted 5-40 degrees',
  'vertical',
  'upside down',
  'lines',
] as const;

export const pageSize = { width: 1654, height: 2339, dpi: 200 };

/** A page of random words; the same number gives the same page. */
export function makePage(kind: PageKind, number: number): ReadPage {
  const random = randomOf(number);
  const lines = layout(kind, random).map(({ start, angle, height, length }) =>
    makeLine(kind, { start, angle, height, length }, random),
  );
  return { ...pageSize, number, rotation: 0, lines };
}

interface Baseline {
  /** Upper left corner of the first letter. */
  readonly start: Point;
  /** Degrees clockwise. */
  readonly angle: number;
  readonly height: number;
  readonly length: number;
}

function layout(kind: PageKind, random: () => number): Baseline[] {
  const height = 24 + Math.floor(random() * 16);
  const pitch = Math.round(height * 1.6);
  if (kind === 'vertical') {
    return range(12).map((i) => ({ start: [1500 - i * 2 * pitch, 150], angle: 90, height, length: 1900 }));
  }
  if (kind === 'tilted 5-40 degrees') {
    const angle = (5 + random() * 35) * (random() < 0.5 ? -1 : 1);
    return range(8).map((i) => ({
      start: [200, angle < 0 ? 1100 + i * 140 : 100 + i * 140],
      angle,
      height,
      length: 1000,
    }));
  }
  const tilt = kind === 'tilted 1-3 degrees' ? (1 + random() * 2) * (random() < 0.5 ? -1 : 1) : 0;
  if (kind === 'upside down') {
    return range(30).map((i) => ({ start: [1500, 2200 - i * pitch], angle: 180, height, length: 1300 }));
  }
  return range(Math.floor(2000 / pitch)).map((i) => ({
    start: [120, 150 + i * pitch],
    angle: tilt,
    height,
    length: 1400,
  }));
}

function makeLine(kind: PageKind, { start, angle, height, length }: Baseline, random: () => number): PageLine {
  const words: { text: string; from: number; to: number; spaceAfter: boolean }[] = [];
  let at = 0;
  for (;;) {
    const { text, width, gap, spaceAfter } = makeWord(kind, random, height);
    if (at + width > length) break;
    words.push({ text, from: at, to: at + width, spaceAfter });
    at += width + gap;
  }
  const end = words.at(-1)?.to ?? length;
  const isHebrew = kind === 'hebrew';
  const region = (from: number, to: number): Quad =>
    quad(start, angle, [from, isHebrew ? end - to : from, isHebrew ? end - from : to], height);
  const text = words.map((word, i) => word.text + (word.spaceAfter && i < words.length - 1 ? ' ' : '')).join('');
  return {
    text,
    confidence: 0.9,
    text_region: asRegion(quad(start, angle, [0, 0, end], height), angle),
    ...(kind === 'lines'
      ? {}
      : {
          words: words.map((word) => ({
            text: word.text,
            confidence: 0.9,
            region: asRegion(region(word.from, word.to), angle),
          })),
        }),
  };
}

/** Corners of a piece of a line, in whole pixels, from the first letter's upper left one. */
function quad([x, y]: Point, angle: number, [, from, to]: readonly [number, number, number], height: number): Quad {
  const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
  const corner = (along: number, down: number): Point => [
    Math.round(x + along * cos - down * sin),
    Math.round(y + along * sin + down * cos),
  ];
  return [corner(from, 0), corner(to, 0), corner(to, height), corner(from, height)];
}

/** The pipeline starts a region at the corner that is upper left on the page. */
function asRegion([a, b, c, d]: Quad, angle: number): Quad {
  if (angle === 90) return [d, a, b, c];
  if (angle === 180) return [c, d, a, b];
  return [a, b, c, d];
}

interface MadeWord {
  readonly text: string;
  readonly width: number;
  /** To the next word. */
  readonly gap: number;
  readonly spaceAfter: boolean;
}

function makeWord(kind: PageKind, random: () => number, height: number): MadeWord {
  const pick = (letters: readonly string[]): string => letters[Math.floor(random() * letters.length)] ?? '';
  const latin = (letters: readonly string[]): MadeWord => {
    // Frequent words are as frequent as in a language (Zipf).
    const rank = Math.floor(vocabularySize ** random());
    const own = randomOf(rank);
    const text = range(2 + Math.floor(own() * 9))
      .map(() => letters[Math.floor(own() * letters.length)] ?? '')
      .join('');
    const width = Array.from(text).reduce((sum, letter) => sum + (letterWidths.get(letter) ?? 0.55), 0) * height * 0.8;
    return { text, width, gap: (0.22 + random() * 0.4) * height, spaceAfter: true };
  };
  // Boxes end where the print ends, so that a mark such as 。 has a narrow one and a wide gap behind it.
  const han = (letters: readonly string[]): MadeWord => {
    const text = pick(letters);
    const isMark = marks.includes(text);
    const share = isMark ? 0.25 + random() * 0.1 : 0.8 + random() * 0.18;
    return { text, width: share * height * 0.95, gap: (1 - share) * height * 0.95, spaceAfter: false };
  };
  switch (kind) {
    case 'chinese':
    case 'vertical':
      return han(chinese);
    case 'beyond U+FFFF':
      return random() < 0.5 ? han(rare) : latin(letters);
    case 'mixed':
      return random() < 0.5 ? han(chinese) : latin(letters);
    case 'hebrew':
      return latin(hebrew);
    case 'latin':
    case 'lines':
    case 'tilted 1-3 degrees':
    case 'tilted 5-40 degrees':
    case 'upside down':
      return latin(letters);
  }
}

const vocabularySize = 5000;

const letters = Array.from('etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLUCM0123456789.,;');
const hebrew = Array.from('אבגדהוזחטיכלמנסעפצקרשת');
const marks = Array.from('，。、：');
const chinese = Array.from(
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严，。、：',
);
const rare = Array.from('𠮷𠀋𡈽𡌛𡑮𡢽𠮟𡚴𡸴𣇄🍵😀');

/** Shares of the height of a letter, as in a common sans serif. */
const letterWidths = new Map<string, number>([
  ...Array.from('iljftI.,;').map((letter) => [letter, 0.32] as const),
  ...Array.from('mwMW').map((letter) => [letter, 0.9] as const),
]);

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
