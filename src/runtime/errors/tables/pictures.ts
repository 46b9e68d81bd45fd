import { row, type NoDetails } from '../row.js';

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
  pdf_password_missing: row<NoDetails>({
    kind: 'unreadable',
    message: () => 'the PDF file is encrypted, and no password was given',
    hint: () => 'Send its password in the field "password"; run and predict take --password.',
  }),
  pdf_password_wrong: row<NoDetails>({
    kind: 'unreadable',
    message: () => 'the PDF file is encrypted, and the password is wrong',
    hint: () => 'Send the right one in the field "password"; run and predict take --password.',
  }),
  pdf_unchangeable: row<{ file: string; problem: string }>({
    kind: 'unreadable',
    message: (d) => `text cannot be added to the PDF file ${d.file}: ${d.problem}`,
    hint: () => 'Repair the file and try again: qpdf DAMAGED.pdf REPAIRED.pdf',
  }),
  page_missing: row<{ page: number; pageCount: number }>({
    kind: 'unreadable',
    message: (d) => `it has no page ${d.page}; its last page is ${d.pageCount}`,
  }),
  pages_too_many: row<{ count: number; limit: number }>({
    kind: 'unreadable',
    message: (d) => `${d.count} pages are more than the limit of ${d.limit}`,
    hint: (d) => `Ask for fewer, such as pages=1-${d.limit}, or raise the limit: --max_pages of serving start.`,
  }),
  images_too_large: row<{ limit: number }>({
    kind: 'unreadable',
    message: (d) => `the pictures of the request have more than ${d.limit} pixels together`,
    hint: () => 'Send them in several requests, or start the server with a higher --max_pixels.',
  }),
} as const;
