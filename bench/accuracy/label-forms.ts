import path from 'node:path';
import type { Point } from '../../src/runtime/geometry/point.js';
import { cornersAndText, type Label } from '../lib/labelled-picture.js';

/** How the labels of a public set are written. */
export type LabelForm = keyof typeof labelForms;

/** From the text of a file of labels, and the name of its picture, to labels. */
export const labelForms = {
  /** Eight numbers and a text a line. */
  corners: (text: string) => cornersAndText(text),
  /** FUNSD: blocks of words. The order of the blocks is none. */
  funsd: (text: string) => {
    const { form } = JSON.parse(text) as { form: { words: { text: string; box: Box }[] }[] };
    const words = form.flatMap((block) => block.words).filter((word) => word.text.trim() !== '');
    return words.map(({ text: word, box: [x0, y0, x1, y1] }) => ({ text: word, poly: corners(x0, y0, x1, y1) }));
  },
  /** hOCR: lines of words. */
  hocr: (text: string) => hocrLines(text),
  /** DocLayNet: cells of text of a page. */
  cells: (text: string) => {
    const { cells } = JSON.parse(text) as { cells: { text: string }[] };
    return cells.filter((cell) => cell.text.trim() !== '').map((cell) => ({ text: cell.text }));
  },
  /** A list of pictures, each with the text of its paragraph. */
  paragraphs: (text: string, picture: string) => {
    const all = JSON.parse(text) as { filename: string; result: string }[];
    const own = all.find(({ filename }) => path.parse(filename).name === picture);
    if (own === undefined) throw new Error(`The labels do not name ${picture}.`);
    return [{ text: own.result }];
  },
} satisfies Record<string, (text: string, picture: string) => Label[]>;

type Box = readonly [number, number, number, number];

function hocrLines(text: string): Label[] {
  const starts =
    /<span[^>]*class=['"]ocr_(?:line|textfloat|header|caption)['"][^>]*title=['"]bbox (\d+) (\d+) (\d+) (\d+)/;
  const parts = text.split(new RegExp(`(?=${starts.source.replaceAll('(\\d+)', '\\d+')})`));
  return parts.flatMap((part) => {
    const box = starts.exec(part)?.slice(1).map(Number);
    if (box === undefined || !part.startsWith('<span')) return [];
    const words = [...part.matchAll(/<span[^>]*class=['"]ocrx_word['"][^>]*>(.*?)<\/span>/gs)];
    const line = words.map(([, word = '']) => unescape(word.replaceAll(/<[^>]*>/g, '')).trim());
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = box;
    const joined = line.filter((word) => word !== '').join(' ');
    return joined === '' ? [] : [{ text: joined, poly: corners(x0, y0, x1, y1) }];
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function unescape(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name = '') => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return entities[String(name)] ?? whole;
  });
}

export function corners(x0: number, y0: number, x1: number, y1: number): Point[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
