import { row } from '../row.js';

/** Pictures that cannot be decoded, and those that are too large. */
export const pictureErrors = {
  image_unreadable: row<{ reason: string }>({
    kind: 'unreadable',
    message: (d) => `not a readable picture: ${d.reason}`,
    hint: () => 'Send a JPEG, PNG, WebP, TIFF, GIF or BMP file.',
  }),
  image_too_large: row<{ width: number; height: number; maxPixels: number }>({
    kind: 'unreadable',
    message: (d) => `the picture has ${d.width} x ${d.height} pixels, more than the limit of ${d.maxPixels}`,
    hint: () => 'Send a smaller picture, or raise the limit: --max_pixels of serving start, and of run.',
  }),
  images_too_large: row<{ limit: number }>({
    kind: 'unreadable',
    message: (d) => `the pictures of the request have more than ${d.limit} pixels together`,
    hint: () => 'Send them in several requests, or start the server with a higher --max_pixels.',
  }),
} as const;
