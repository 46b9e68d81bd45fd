import { pdfStream } from '../plain-pdf.js';
import { objects, onePage, times, type HostilePdf } from './hostile-pdf.js';

const rect = '/Rect [0 0 50 50]';
const box = '/MediaBox [0 0 200 200]';

/** @param fields of the form; objects from number 4 on */
function form(name: string, fields: string, annotations: string, make: () => readonly string[]): HostilePdf {
  return objects(name, () => [
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] /NeedAppearances true /DA (/Helv 0 Tf 0 g) >> >>`,
    onePage,
    `<< /Type /Page /Parent 2 0 R ${box} /Annots [${annotations}] >>`,
    ...make(),
  ]);
}

const count = 50_000;
const all = times(count, (i) => `${i + 4} 0 R`).join(' ');
const widget = `/Type /Annot /Subtype /Widget /FT /Tx ${rect}`;

/** Pages with fields and annotations. */
export const formPdfs: readonly HostilePdf[] = [
  form('fifty thousand fields', all, all, () =>
    times(count, (i) => `<< ${widget} /T (f${i}) /V (text) /DA (/Helv 9 Tf) >>`),
  ),
  form('a field in itself', '4 0 R', '4 0 R', () => [`<< ${widget} /T (a) /Kids [4 0 R 4 0 R] /Parent 4 0 R >>`]),
  form('fields that double 40 times', '4 0 R', '', () =>
    times(40, (i) => `<< /T (a) /FT /Tx /Kids [${i + 5} 0 R ${i + 5} 0 R] >>`),
  ),
  form('fields 50,000 deep', '4 0 R', '', () =>
    times(count, (i) => `<< /T (a) /FT /Tx /Kids [${i + 5} 0 R] /Parent ${i + 3} 0 R >>`),
  ),
  form('a value of 50 MB', '4 0 R', '4 0 R', () => [
    `<< ${widget} /T (a) /Ff 4096 /V (${'wort '.repeat(10e6)}) /DA (/Helv 1 Tf) >>`,
  ]),
  form('a choice of a million', '4 0 R', '4 0 R', () => [
    `<< ${widget.replace('/Tx', '/Ch')} /T (a) /Opt [${'(wort) '.repeat(1e6)}] /V (wort) /I [${'5 '.repeat(100_000)}] >>`,
  ]),
  form('fifty thousand annotations', '', all, () =>
    times(count, () => `<< /Type /Annot /Subtype /Square ${rect} /C [1 0 0] /IC [0 1 0] >>`),
  ),
  form('one annotation a million times', '', '4 0 R '.repeat(1e6), () => [
    `<< /Type /Annot /Subtype /Highlight ${rect} /QuadPoints [${'0 0 50 0 0 50 50 50 '.repeat(1000)}] >>`,
  ]),
  form('an appearance that draws itself', '', '4 0 R', () => [
    `<< /Type /Annot /Subtype /Stamp ${rect} /AP << /N 5 0 R >> >>`,
    pdfStream(
      '/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /XObject << /X 5 0 R >> >>',
      '/X Do /X Do',
    ),
  ]),
  form('a popup of itself', '', '4 0 R', () => [
    `<< /Type /Annot /Subtype /Popup ${rect} /Parent 4 0 R /Popup 4 0 R /AP << /N 4 0 R >> >>`,
  ]),
  objects('a form in XML of 60 MB', () => [
    '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] /XFA 4 0 R >> >>',
    onePage,
    `<< /Type /Page /Parent 2 0 R ${box} >>`,
    pdfStream('', '<a>'.repeat(20e6)),
  ]),
];
