import { pdfStream, plainPage } from '../plain-pdf.js';
import { catalog, flate, objects, onePage, packed, page, times, type HostilePdf } from './hostile-pdf.js';

const form = '/Type /XObject /Subtype /Form /BBox [0 0 500 500]';
const group = '/Group << /S /Transparency /I true /K true >>';
const helvetica = '/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>';

/** A page whose content has 200 MB of one operator. */
export function repeated(operator: string): Buffer {
  return plainPage({ content: packed(Buffer.alloc(200e6, operator)), filter: flate });
}

/** A page that draws a form, which draws the next form twice, and so on: 16 million times in the end. */
export function formsInForms(): Buffer {
  return plainPage({
    content: '/X Do',
    resources: '/XObject << /X 5 0 R >>',
    more: [
      ...times(24, (i) => pdfStream(`${form} /Resources << /XObject << /X ${i + 6} 0 R >> >>`, '/X Do /X Do')),
      pdfStream(form, '0 0 1 1 re f'),
    ],
  });
}

/** A form that draws itself twice. */
export function formInItself(): Buffer {
  return plainPage({
    content: '/X Do',
    resources: '/XObject << /X 5 0 R >>',
    more: [pdfStream(`${form} /Resources << /XObject << /X 5 0 R >> >>`, '/X Do /X Do')],
  });
}

/** A page whose content is one stream, 5000 times. */
export const repeatedContent = objects('the same content 5000 times', () => [
  catalog,
  onePage,
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents [${'4 0 R '.repeat(5000)}] >>`,
  pdfStream(flate, packed('0 0 m 9 9 l S '.repeat(20_000))),
]);

const large = (name: string, content: string, resources = '', more: readonly string[] = []): HostilePdf =>
  page(name, () => ({ content: packed(content), filter: flate, side: 2000, resources, more }));

/** A page of as many lines of a thousand characters, none of which lies on another: the library leaves out those that do. */
export function textPage(lines: number): HostilePdf {
  return page(`${lines},000 characters`, () => ({
    content: packed(`BT /F 1 Tf 0 4000 Td ${`(${'a'.repeat(1000)}) Tj 0 -1 Td `.repeat(lines)} ET`),
    filter: flate,
    side: 4000,
    resources: helvetica,
  }));
}

/** Pages whose operators are too many, too deep or too large. */
export const contentPdfs: readonly HostilePdf[] = [
  { name: 'forms in forms', make: formsInForms },
  { name: 'a form in itself', make: formInItself },
  repeatedContent,
  ...['0 0 m 200 200 l S ', 'q ', 'Q ', 'BT ', '/M BMC ', '/X Do ', '(', '[ ', '<< ', '1 ', 'W n ', '0 0 l '].map(
    (operator) => ({
      name: `200 MB of ${operator.trim()}`,
      make: (): Buffer => repeated(operator),
    }),
  ),
  page('one path of five million points', () => ({
    content: packed(`0 0 m ${'9 9 l 0 0 l '.repeat(25e5)} f`),
    filter: flate,
  })),
  page('curves over curves', () => ({
    content: packed(`0 0 m ${'0 200 200 0 200 200 c '.repeat(500_000)} B*`),
    filter: flate,
  })),
  page('a dash of a billionth', () => ({ content: '[.000000001] 0 d 5 w 0 0 m 200 200 l S '.repeat(100) })),
  page('lines of absurd widths', () => ({
    content: '1e30 w 0 0 m 200 200 l S 99999999999999999999999999999999999999999 w 0 0 m 9 9 l S '.repeat(1000),
  })),
  page('coordinates beyond all numbers', () => ({
    content:
      '1e38 0 0 1e38 0 0 cm 99999999999999999999999999999999999999999999 0 0 1 0 0 cm 0 0 m 1e38 -1e38 l 9 9 5 5 re B ',
  })),
  large('parts cut out of parts', `${'q 0 0 m 2000 0 l 1000 2000 l h W n '.repeat(50_000)} 0 0 2000 2000 re f`),
  large('groups of the whole page, 28 deep', '/X Do', '/XObject << /X 5 0 R >>', [
    ...times(28, (i) =>
      pdfStream(
        `/Type /XObject /Subtype /Form /BBox [0 0 2000 2000] ${group} /Resources << /XObject << /X ${i + 6} 0 R >> >>`,
        '0 0 900 900 re f /X Do',
      ),
    ),
    pdfStream(form, '0 0 1 1 re f'),
  ]),
  large(
    'a thousand blended groups',
    '/G gs /X Do '.repeat(1000),
    '/ExtGState << /G << /BM /Luminosity /ca .5 >> >> /XObject << /X 5 0 R >>',
    [pdfStream(`/Type /XObject /Subtype /Form /BBox [0 0 2000 2000] ${group}`, '0 0 2000 2000 re f')],
  ),
  large('a mask that needs itself', '/G gs 0 0 2000 2000 re f', '/ExtGState << /G 5 0 R >>', [
    '<< /SMask << /S /Luminosity /G 6 0 R >> >>',
    pdfStream(
      `/Type /XObject /Subtype /Form /BBox [0 0 2000 2000] ${group} /Resources << /ExtGState << /G 5 0 R >> >>`,
      '/G gs 0 0 2000 2000 re f',
    ),
  ]),
  large(
    'masks in masks, 20 deep',
    '/G gs 0 0 2000 2000 re f',
    '/ExtGState << /G 5 0 R >>',
    times(20, (i) => [
      `<< /SMask << /S /Luminosity /G ${2 * i + 6} 0 R >> >>`,
      pdfStream(
        `/Type /XObject /Subtype /Form /BBox [0 0 2000 2000] ${group} /Resources << /ExtGState << /G ${i === 19 ? 99 : 2 * i + 7} 0 R >> >>`,
        '/G gs 0 0 2000 2000 re f '.repeat(3),
      ),
    ]).flat(),
  ),
  ...[1000, 4000].map((lines) => textPage(lines)),
  page('two million words', () => ({
    content: packed(`BT /F .5 Tf 0 4000 Td ${`(${'a '.repeat(1000)}) Tj 0 -1 Td `.repeat(2000)} ET`),
    filter: flate,
    side: 4000,
    resources: helvetica,
  })),
  page('letters of absurd sizes', () => ({
    content: ['1e30', '-1e30', '0', '.00000000000000000001', '1000000']
      .map((size) => `BT /F ${size} Tf (aWg) Tj ET `)
      .join('')
      .repeat(100),
    resources: helvetica,
  })),
  page('letters that cut out', () => ({
    content: packed(`BT 7 Tr /F 200 Tf ${`(${'W'.repeat(200)}) Tj `.repeat(2000)} ET 0 0 200 200 re f`),
    filter: flate,
    resources: helvetica,
  })),
  page('a hundred thousand inline pictures', () => ({
    content: packed('q 200 0 0 200 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q '.repeat(100_000)),
    filter: flate,
  })),
  page('an inline picture of absurd sides', () => ({
    content: 'BI /W 2147483647 /H 2147483647 /BPC 16 /CS /CMYK ID \xff EI ',
  })),
];
