import type { PDFContext, PDFObject } from '@cantoo/pdf-lib';
import type { PdfLib } from './pdf-lib.js';

/** Deletes the objects of a file that neither its catalog nor its metadata lead to. */
export function deleteUnreachable(context: PDFContext, { PDFArray, PDFDict, PDFRef, PDFStream }: PdfLib): void {
  const reached = new Set<PDFObject>();
  const { Root, Info } = context.trailerInfo;
  const waiting: (PDFObject | undefined)[] = [Root, Info];
  while (waiting.length > 0) {
    const object = waiting.pop();
    if (object === undefined || reached.has(object)) continue;
    reached.add(object);
    if (object instanceof PDFRef) waiting.push(context.lookup(object));
    else if (object instanceof PDFArray) waiting.push(...object.asArray());
    else if (object instanceof PDFDict) waiting.push(...object.values());
    else if (object instanceof PDFStream) waiting.push(object.dict);
  }
  for (const [reference] of context.enumerateIndirectObjects()) if (!reached.has(reference)) context.delete(reference);
}
