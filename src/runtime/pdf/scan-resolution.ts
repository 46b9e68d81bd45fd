import { objectKinds, type PdfPage, type Picture } from './pdf-page.js';

/** A page whose pictures cover this share of it is a scan: some scanners leave a margin, others cut the page in strips. */
const minCoverage = 0.9;

/** Pages with more objects are drawings; looking at all of them would take long. */
const maxObjects = 500;

/**
 * The resolution of a scanned page: that of its picture, or of the finest of the large pictures that make it up. Answers
 * undefined for a page on which anything else can be seen, and for a resolution at which nothing can be read: what is seen is then in
 * the mask of a picture of a single color, or the file lies.
 */
export function scanResolution(page: Pick<PdfPage, 'objects' | 'inches'>): number | undefined {
  const pictures: Picture[] = [];
  let count = 0;
  for (const object of page.objects()) {
    if (++count > maxObjects) return undefined;
    if ('pixels' in object) pictures.push(object);
    else if (object.kind !== objectKinds.text || !object.isInvisible) return undefined;
  }
  const [width, height] = page.inches;
  const shareOf = ({ sides }: Picture): number => (sides[0] * sides[1]) / (width * height);
  if (pictures.reduce((sum, picture) => sum + shareOf(picture), 0) < minCoverage) return undefined;
  const large = pictures.filter((picture) => shareOf(picture) >= (1 - minCoverage) / pictures.length);
  const resolution = Math.max(...large.map(resolutionOf));
  return resolution >= minResolution ? resolution : undefined;
}

/** Pixels an inch. Letters of 12 points have 6 pixels. */
const minResolution = 36;

function resolutionOf({ pixels, sides }: Picture): number {
  return Math.max(pixels.width / sides[0], pixels.height / sides[1]);
}
