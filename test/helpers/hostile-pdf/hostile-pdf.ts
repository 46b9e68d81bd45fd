import { deflateSync } from 'node:zlib';
import { plainPage, plainPdf, type PlainPage } from '../plain-pdf.js';

/** A PDF file that is made to cost much, or to break what reads it. */
export interface HostilePdf {
  readonly name: string;
  readonly make: () => Buffer;
}

export const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
export const onePage = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
export const flate = '/Filter /FlateDecode';

/** A compressed stream's data, in which each character is a byte. */
export function packed(data: Buffer | string): string {
  return deflateSync(typeof data === 'string' ? Buffer.from(data, 'latin1') : data).toString('latin1');
}

/** A file of one page that draws. */
export function page(name: string, make: () => PlainPage): HostilePdf {
  return { name, make: () => plainPage(make()) };
}

/** A file of these objects; the first is the catalog. */
export function objects(name: string, make: () => readonly string[]): HostilePdf {
  return { name, make: () => plainPdf(make()) };
}

/** The content of a page: a square of 50 x 50 points. */
export const square = '<< /Length 16 >>\nstream\n0 0 50 50 re f  \nendstream';

/** A file of one page whose entries are these. */
export function pageOf(name: string, entries: string, ...more: readonly string[]): HostilePdf {
  return objects(name, () => [
    catalog,
    onePage,
    `<< /Type /Page /Parent 2 0 R /Contents 4 0 R ${entries} >>`,
    square,
    ...more,
  ]);
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
