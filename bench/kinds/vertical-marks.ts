import type { OverlayOptions } from 'sharp';
import { loadSharp } from '../../src/runtime/image/sharp.js';
import { pick, type Random } from '../word-boxes/random.js';
import type { Kind } from './kind.js';

const sharp = loadSharp();

/** Columns of Japanese and Chinese with the marks that have a form of their own in vertical text, such as ー, 、 and 「. */
export const verticalMarks: Kind = {
  name: 'vertical-marks',
  count: 24,
  unit: 'line',
  async draw(random) {
    const { fonts, phrases } = pick(languages, random);
    const font = `${pick(fonts, random)}${random() < 0.3 ? ' Bold' : ''}`;
    const size = Math.round(22 + random() * 30);
    const columns = columnsOf(random, phrases, 3 + Math.floor(random() * 4), 7 + Math.floor(random() * 8));
    const [pitch, spacing] = [size * (1.4 + random() * 0.8), size * (random() < 0.5 ? 0 : random() * 0.15)];
    const margin = Math.round(size * 1.5);
    const width = Math.round(2 * margin + pitch * columns.length);
    const height = Math.round(2 * margin + Math.max(...columns.map((column) => column.length)) * (size + spacing));
    const letters = await Promise.all(
      columns.map(async (column, i) => {
        const cells = await verticalLetters(column, font, size);
        const left = Math.round(width - margin - i * pitch - size);
        return cells.map((input, j) => ({ ...input, left, top: Math.round(margin + j * (size + spacing)) }));
      }),
    );
    const page = sharp({ create: { width, height, channels: 3, background: '#fff' } });
    return { picture: await page.composite(letters.flat()).png().toBuffer(), expected: columns };
  },
};

/** Each letter of a text in the form it has in vertical text, in a square as large as the font. */
async function verticalLetters(text: string, font: string, size: number): Promise<OverlayOptions[]> {
  // Squares at both ends show where the letters stand: the picture of a text is cut to its ink.
  const markup = `<span font_features="vert=1">■${text}■</span>`;
  const rendered = sharp({ text: { text: markup, font: `${font} ${size}`, dpi: 72, rgba: true } });
  const { data, info } = await rendered.extractChannel('alpha').raw().toBuffer({ resolveWithObject: true });
  const first = blockAt(data, info, 1);
  const last = blockAt(data, info, -1);
  const step = (last.x - first.x) / (Array.from(text).length + 1);
  const half = size / 2;
  return Array.from(text, (_, i) => {
    const [left, top] = [Math.round(first.x + (i + 1) * step - half), Math.round(first.y - half)];
    const ground = Buffer.alloc(size * size, 255);
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const [column, row] = [left + x, top + y];
        if (row >= 0 && row < info.height) ground[y * size + x] = 255 - (data[row * info.width + column] ?? 0);
      }
    return { input: ground, raw: { width: size, height: size, channels: 1 }, blend: 'multiply' };
  });
}

/** The middle of the first or the last square. */
function blockAt(
  data: Buffer,
  { width, height }: { width: number; height: number },
  way: 1 | -1,
): { x: number; y: number } {
  const inked = (x: number): number[] =>
    Array.from({ length: height }, (_, y) => y).filter((y) => (data[y * width + x] ?? 0) > 128);
  let from = way > 0 ? 0 : width - 1;
  while (inked(from).length === 0) from += way;
  let to = from;
  while (inked(to + way).length > 0) to += way;
  const rows = inked(from);
  return { x: (from + to + 1) / 2, y: ((rows[0] ?? 0) + (rows.at(-1) ?? 0) + 1) / 2 };
}

/** Full columns, of which none begins with a mark that belongs to the letter before it, or ends with an opening one. */
function columnsOf(random: Random, phrases: readonly string[], count: number, length: number): string[] {
  const columns: string[] = [];
  let rest: string[] = [];
  while (columns.length < count) {
    while (rest.length < length + 4) rest.push(...Array.from(pick(phrases, random)));
    let end = length;
    while (end > 2 && (noStart.test(rest[end] ?? '') || noEnd.test(rest[end - 1] ?? ''))) end--;
    columns.push(rest.slice(0, end).join(''));
    rest = rest.slice(end);
  }
  return columns;
}

const noStart = /[、。，！？」』）》…ーっょ〜]/;
const noEnd = /[「『（《]/;

const languages = [
  {
    fonts: ['Noto Sans CJK JP', 'Noto Serif CJK JP'],
    phrases:
      'コーヒーを飲んだ。|ページをめくった。|ちょっと待って、|サーバーが止まった。|行ってしまった|これは、|それから、|「はい」と言った。|『春の海』を読む|（注意）|すごい！|なぜ？|まだ…|ゴールまで走った。|データを送った。|町へ出かけた。|静かな夜だった。|友だちと会った。|明日は雨だ。|ビール、ケーキ、|長いメールだ|「ニュースを見たか？」|三日〜五日|くなったら|受け取った'.split(
        '|',
      ),
  },
  {
    fonts: ['Noto Sans CJK SC', 'Noto Serif CJK SC', 'Noto Sans CJK TC'],
    phrases:
      '今天天气很好，|我们去公园。|他说「好」。|《红楼梦》|（注）|真的吗？|太好了！|等一下…|因为下雨，|所以没去。|老师、学生、|春眠不觉晓，|处处闻啼鸟。|夜来风雨声，|花落知多少。|「明天见！」|一月、二月|十一人|请看『说明』'.split(
        '|',
      ),
  },
] as const;
