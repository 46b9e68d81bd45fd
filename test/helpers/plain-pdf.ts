/** The file of objects, which get the numbers from 1; the first is the catalog. Text stands for bytes, one each. */
export function plainPdf(objects: readonly string[]): Buffer {
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('');
  return Buffer.from(`%PDF-1.7\n${body}trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n`, 'latin1');
}

export interface PlainPage {
  readonly content: string;
  /** Entries of the content's dictionary. */
  readonly filter?: string;
  readonly resources?: string;
  /** Points. */
  readonly side?: number;
  /** Objects from number 5 on. */
  readonly more?: readonly string[];
}

/** A file of one page. */
export function plainPage({ content, filter = '', resources = '', side = 200, more = [] }: PlainPage): Buffer {
  return plainPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${side} ${side}] /Resources << ${resources} >> /Contents 4 0 R >>`,
    pdfStream(filter, content),
    ...more,
  ]);
}

export function pdfStream(entries: string, data: string): string {
  return `<< ${entries} /Length ${data.length} >>\nstream\n${data}\nendstream`;
}
