import { catalog, objects, onePage, pageOf, square, type HostilePdf } from './hostile-pdf.js';

const boxes = [
  '0 0 1e38 1e38',
  '0 0 340282346638528859811704183484516925440 340282346638528859811704183484516925440',
  '-3e38 -3e38 3e38 3e38',
  '0 0 .000000000000000000000000000001 .000000000000000000000000000001',
  '0 0 .0001 200',
  '0 0 1 1000000',
  '0 0 1000000 1',
  '0 0 1000000000 1000000000',
  '-1000000000 -1000000000 -999999800 -999999800',
  '0 0 0 0',
  '200 200 0 0',
  '',
  '/a (b) null true',
  '0 0 14400 14400',
  '99999999999999999999999999999999999999999999 0 0 200',
];

/** Pages of absurd sizes. */
export const pageSizePdfs: readonly HostilePdf[] = [
  ...boxes.map((box) => pageOf(`a page of [${box}]`, `/MediaBox [${box}]`)),
  pageOf('a unit of a billion', '/MediaBox [0 0 14400 14400] /UserUnit 1000000000'),
  pageOf('a negative unit', '/MediaBox [0 0 200 200] /UserUnit -5'),
  pageOf('a crop box outside of the page', '/MediaBox [0 0 200 200] /CropBox [5000 5000 6000 6000]'),
  objects('a crop box outside of a page whose size stands with its parent', () => [
    catalog,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 200] >>',
    '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /CropBox [5000 5000 6000 6000] >>',
    square,
  ]),
  objects('a crop box outside of a page without a size', () => [
    catalog,
    onePage,
    '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /CropBox [5000 5000 6000 6000] >>',
    square,
  ]),
  pageOf('a crop box without an area', '/MediaBox [0 0 200 200] /CropBox [50 50 50 50]'),
  ...[45, 1_000_000_000, -90, 89.9].map((turn) =>
    pageOf(`a page turned by ${turn}`, `/MediaBox [0 0 200 100] /Rotate ${turn}`),
  ),
  pageOf('a box that is itself', '/MediaBox 5 0 R', '5 0 R'),
  pageOf('a box of a million numbers', `/MediaBox [${'0 '.repeat(1e6)}]`),
];
