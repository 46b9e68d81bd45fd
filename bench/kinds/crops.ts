import { pick, type Random } from '../word-boxes/random.js';
import { chineseFont, cutOut, latinFonts } from './drawing.js';
import type { Case, Kind } from './kind.js';

/** One to four characters cut out alone, as by a program that knows where they are. The sides add up to less than 64 px. */
export const tiny: Kind = {
  name: 'tiny',
  count: 349,
  fixtures: 8,
  unit: 'picture',
  draw: (random) => draw(random, (sides) => sides < 64),
};

/** The same, larger: the sides add up to 64 px or more. */
export const tight: Kind = {
  name: 'tight',
  count: 356,
  fixtures: 8,
  unit: 'picture',
  draw: (random) => draw(random, (sides) => sides >= 64),
};

async function draw(random: Random, fits: (sides: number) => boolean): Promise<Case> {
  for (;;) {
    const text = textOf(random);
    const isChinese = /\p{Script=Han}/u.test(text);
    const style = {
      family: isChinese ? chineseFont : pick(latinFonts, random),
      size: pick(sizes, random),
      ...pick(colors, random),
    };
    const { picture, width, height } = await cutOut(text, style, pick(margins, random), style.ground);
    if (fits(width + height)) return { picture, expected: [text] };
  }
}

const sizes = [14, 18, 24, 32, 44, 60, 80];
const margins = [0, 2, 6];
const colors = [
  { ink: '#000', ground: '#fff' },
  { ink: '#000', ground: '#fff' },
  { ink: '#1b3a8c', ground: '#f4f1e6' },
  { ink: '#f5f5f5', ground: '#2b2f36' },
];

function textOf(random: Random): string {
  const length = 1 + Math.floor(random() * 4);
  const from = pick(alphabets, random);
  if (from === chinese) return pick(chinese, random).slice(0, length);
  return Array.from({ length }, () => pick(from, random)).join('');
}

/** Without letters whose capitals look the same, and I, l, O, which cannot be told from digits. */
const digits = Array.from('0123456789');
const capitals = Array.from('ABDEFGHKMNPRT');
const chinese = ['凉芦', '中文', '价格', '营业', '出口', '电话', '北京市', '开户行'];
const alphabets = [digits, digits, capitals, chinese] as const;
