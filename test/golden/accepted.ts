/**
 * Pictures for which ocrhub deliberately differs from the original. A picture is compared up to the stage before the named
 * one. The conformance test fails if a difference no longer exists.
 */
export const acceptedDifferences: Readonly<Record<string, { readonly stage: string; readonly reason: string }>> = {
  'derived-cmyk.jpg': {
    stage: 'decode',
    reason: 'CMYK is converted by its color profile (libvips has a stock one); OpenCV multiplies the inks',
  },
  'cmyk.jpg': {
    stage: 'decode',
    reason: 'CMYK is converted by its color profile (libvips has a stock one); OpenCV multiplies the inks',
  },
  'derived-exif3.webp': {
    stage: 'decode',
    reason: 'the EXIF orientation of WebP is applied, as by OpenCV 4.14; OpenCV 4.10, which recorded, ignores it',
  },
  'derived-exif6.webp': {
    stage: 'decode',
    reason: 'the EXIF orientation of WebP is applied, as by OpenCV 4.14; OpenCV 4.10, which recorded, ignores it',
  },
  'derived-palette.gif': {
    stage: 'decode',
    reason: 'the first frame of a GIF is read, as by OpenCV 4.14; OpenCV 4.10, which recorded, refuses the format',
  },
  'palette.gif': {
    stage: 'decode',
    reason: 'the first frame of a GIF is read, as by OpenCV 4.14; OpenCV 4.10, which recorded, refuses the format',
  },
};
