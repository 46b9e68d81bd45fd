import { afterEach, describe, expect, it } from 'vitest';
import { PdfFile } from '../../../src/runtime/pdf/pdf-file.js';
import { hostilePdfs } from '../../helpers/hostile-pdf/hostile-pdfs.js';
import { makePdf } from '../../helpers/pdf.js';

/* Those of the hostile files that cost little. test/fuzz/hostile-pdf.fuzz.ts sends all of them to a server. */

/** Pages, pixels at 72 dpi, and how many of these are dark; or the error. */
async function read(name: string): Promise<{ pages: number; size: string; dark: number } | string> {
  const made = hostilePdfs.find((file) => file.name === name)?.make();
  if (made === undefined) throw new Error(`there is no file "${name}"`);
  try {
    const file = await PdfFile.open(made, { dpi: 72, maxSeconds: 60 });
    try {
      const { width, height, data } = file.render(1).image;
      const dark = data.filter((value, i) => i % 3 === 0 && value < 128).length;
      return { pages: file.pageCount, size: `${width} x ${height}`, dark };
    } finally {
      file.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}

afterEach(async () => {
  const next = await PdfFile.open(await makePdf([{ size: [216, 144], text: ['Hello'] }]));
  expect(next.render(1).image.data.includes(0)).toBe(true);
  next.close();
});

describe('a page on which a square of 50 points is drawn keeps it', () => {
  it.each([
    ['a page of [0 0 1e38 1e38]', '612 x 792'],
    ['a page of [-3e38 -3e38 3e38 3e38]', '612 x 792'],
    ['a page of [0 0 0 0]', '612 x 792'],
    ['a page of []', '612 x 792'],
    ['a page of [/a (b) null true]', '612 x 792'],
    ['a page of [99999999999999999999999999999999999999999999 0 0 200]', '612 x 792'],
    ['a page of [200 200 0 0]', '200 x 200'],
    ['a box that is itself', '612 x 792'],
    ['a negative unit', '200 x 200'],
    ['a crop box outside of the page', '200 x 200'],
    ['a crop box outside of a page whose size stands with its parent', '200 x 200'],
    ['a crop box outside of a page without a size', '612 x 792'],
    ['a crop box without an area', '200 x 200'],
    ['a page turned by 45', '200 x 100'],
    ['a page turned by 89.9', '200 x 100'],
    ['a page turned by -90', '100 x 200'],
    ['a page turned by 1000000000', '100 x 200'],
  ])('%s', async (name, size) => {
    expect(await read(name)).toEqual({ pages: 1, size, dark: 2500 });
  });

  it.each([
    ['a page of [0 0 .000000000000000000000000000001 .000000000000000000000000000001]', '1 x 1', 0],
    ['a page of [0 0 .0001 200]', '1 x 200', 50],
    ['a page of [0 0 1 1000000]', '1 x 100000', 5],
    ['a page of [0 0 1000000 1]', '100000 x 1', 5],
  ])('as far as it has pixels: %s', async (name, size, dark) => {
    expect(await read(name)).toEqual({ pages: 1, size, dark });
  });
});

describe('a file that lies, circles or swells is read as far as it can be', () => {
  it.each([
    ...[-1, 0, 4_000_000, 1_000_000_000, 2_147_483_647, 4_294_967_296].map((count) => [
      `a count of ${count} pages`,
      '20 x 20',
    ]),
    ['a node whose parent is itself', '612 x 792'],
    ['a table that is its own predecessor', '20 x 20'],
    ['a table stream of two billion entries', '20 x 20'],
    ['a length that is its own stream', '20 x 20'],
    ['resources 100,000 deep', '200 x 200'],
    ['50,000 filters', '200 x 200'],
    ['a predictor of /Columns 1073741824 /Colors 32 /BitsPerComponent 16', '200 x 200'],
    ['a predictor of /Columns 2147483647', '200 x 200'],
    ['a predictor of /Columns -1 /Colors -1', '200 x 200'],
    ['a predictor of /Columns 60000000 /Colors 4', '200 x 200'],
    ['coordinates beyond all numbers', '200 x 200'],
    ['letters of absurd sizes', '200 x 200'],
    ['an inline picture of absurd sides', '200 x 200'],
    ['a mesh of absurd numbers', '200 x 200'],
    ['a lattice of two billion columns', '2000 x 2000'],
    ['a picture that claims two billion columns', '200 x 200'],
    ['a picture of negative sides', '200 x 200'],
    ['a picture that is its own mask', '200 x 200'],
    ['colors in a circle', '200 x 200'],
    ['a fax of /K 0 /Columns -1 /Rows -1', '200 x 200'],
    ['a picture in the frame 1e30 0 0 1e30 0 0', '200 x 200'],
    ['a picture in the frame 1e-30 0 0 1e-30 0 0', '200 x 200'],
    ['a picture in the frame 0 0 0 0 0 0', '200 x 200'],
    ['JBIG2, a region of four billion columns', '200 x 200'],
    ['JBIG2, a region of 60,000 x 60,000', '200 x 200'],
    ['JBIG2, a region of fax codes', '200 x 200'],
    ['JBIG2, a dictionary of 4294967295 symbols', '200 x 200'],
    ['JBIG2, a text of four billion letters', '200 x 200'],
    ['JBIG2, 4294967296 patterns of 255 x 255', '200 x 200'],
    ['JBIG2, a halftone of 4294967295 x 4294967295 cells', '200 x 200'],
    ['JBIG2, a refinement of 60,000 x 60,000', '200 x 200'],
    ['JBIG2, a code table without an end', '200 x 200'],
    ['JBIG2, a segment longer than the file', '200 x 200'],
    ['JBIG2, a segment that refers to itself', '200 x 200'],
    ['JPEG 2000, of four billion columns', '200 x 200'],
    ['JPEG 2000, of four billion columns of distant samples', '200 x 200'],
    ['JPEG 2000, of a million tiles', '200 x 200'],
    ['JPEG 2000, of tiles without a size', '200 x 200'],
    ['JPEG 2000, of 38 bits', '200 x 200'],
    ['a glyph that writes itself', '200 x 200'],
    ['a TrueType glyph in itself', '200 x 200'],
    ['a font that is its own file', '200 x 200'],
    ['a font of its own descendants', '200 x 200'],
    ['a map of four billion characters', '200 x 200'],
    ['a field in itself', '200 x 200'],
    ['a popup of itself', '200 x 200'],
  ])('%s', async (name = '', size) => {
    expect(await read(name)).toMatchObject({ pages: 1, size });
  });
});

describe('a file of which nothing can be read is refused', () => {
  it.each([
    ['a page 10,000 nodes deep', 'not a readable file: page 1 of 1: damaged PDF page'],
    ['a tree of pages in a circle', 'not a readable file: page 1 of 2: damaged PDF page'],
    ['a stream of a billion objects', 'not a readable file: damaged PDF'],
    ['functions 5000 deep', /^not a readable file: page 1 of 1: damaged PDF page: /],
    ['colors 10,000 deep', /^not a readable file: page 1 of 1: damaged PDF page: /],
    ['an encryption of short keys', 'the PDF file is encrypted, and no password was given'],
    ['an encryption of an absurd length', 'the PDF file is encrypted, and no password was given'],
    ['an encryption in a circle', 'the PDF file is encrypted, and no password was given'],
  ])('%s', async (name, message) => {
    const answer = await read(name);
    expect(answer).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});
