import { row, type NoDetails } from '../row.js';

const removePassword = 'remove it first: qpdf --decrypt --password=PASSWORD LOCKED.pdf OPEN.pdf';

/** Pictures that cannot be decoded, and those that are too large. */
export const pictureErrors = {
  image_unreadable: row<{ reason: string }>({
    kind: 'unreadable',
    message: (d) => `not a readable file: ${d.reason}`,
    hint: () => 'Send an undamaged JPEG, PNG, WebP, TIFF, GIF, BMP or PDF file.',
  }),
  format_unsupported: row<{ format: string }>({
    kind: 'unreadable',
    message: (d) => `${d.format} files are not read; readable are JPEG, PNG, WebP, TIFF, GIF, BMP and PDF`,
    hint: (d) => `Convert it first: ${wayToConvert(d.format)}`,
  }),
  image_too_large: row<{ width: number; height: number; maxPixels: number }>({
    kind: 'unreadable',
    message: (d) => `the picture has ${d.width} x ${d.height} pixels, more than the limit of ${d.maxPixels}`,
    hint: () => 'Send a smaller picture, or raise the limit: --max_pixels of serving start, and of run.',
  }),
  image_too_long: row<{ width: number; height: number; maxSide: number }>({
    kind: 'unreadable',
    message: (d) => `the picture has ${d.width} x ${d.height} pixels; a side may have ${d.maxSide}`,
    hint: () => 'Cut the picture into parts.',
  }),
  image_too_costly: row<{ reason: string }>({
    kind: 'unreadable',
    message: (d) => `the file is refused: ${d.reason}`,
    hint: () => 'Send the page as a PNG or JPEG file of its pixels.',
  }),
  pdf_password_missing: row<NoDetails>({
    kind: 'unreadable',
    message: () => 'the PDF file is encrypted, and no password was given',
    hint: () => `Send its password in the field "password" (--password of a command), or ${removePassword}`,
  }),
  pdf_password_wrong: row<NoDetails>({
    kind: 'unreadable',
    message: () => 'the PDF file is encrypted, and the password is wrong',
    hint: () => `Send the right one in the field "password" (--password of a command), or ${removePassword}`,
  }),
  pdf_encryption_unknown: row<{ problem: string }>({
    kind: 'unreadable',
    message: (d) => `the PDF file is encrypted, and ${d.problem}`,
    hint: () => 'Open it with a program that shows its text, and save it or print it to a file without protection.',
  }),
  pdf_unchangeable: row<{ file: string; problem: string }>({
    kind: 'unreadable',
    message: (d) => `text cannot be added to the PDF file${d.file && ` ${d.file}`}: ${d.problem}`,
    hint: () => 'Repair the file and try again: qpdf DAMAGED.pdf REPAIRED.pdf',
  }),
  page_missing: row<{ page: number; pageCount: number }>({
    kind: 'unreadable',
    message: (d) => `it has no page ${d.page}; its last page is ${d.pageCount}`,
  }),
  pages_too_many: row<{ count: number; limit: number }>({
    kind: 'unreadable',
    message: (d) => `${d.count} pages are more than the limit of ${d.limit}`,
    hint: (d) =>
      `Ask for fewer, such as pages=1-${d.limit}, or raise the limit: --max_pages of serving start, and of run.`,
  }),
  images_too_large: row<{ limit: number }>({
    kind: 'unreadable',
    message: (d) => `the pictures of the request have more than ${d.limit} pixels together`,
    hint: () => 'Send them in several requests, or start the server with a higher --max_pixels.',
  }),
} as const;

/** A command that many machines have, or the menu of the program that made the file. */
function wayToConvert(format: string): string {
  switch (format) {
    case 'HEIC':
      return 'heif-convert photo.heic photo.jpg. An iPhone takes JPEG with Settings > Camera > Formats > Most Compatible.';
    case 'AVIF':
    case 'SVG':
    case 'JPEG 2000':
    case 'JPEG XL':
      return 'magick FILE page.png, with ImageMagick.';
    case 'DjVu':
      return 'ddjvu -format=pdf FILE page.pdf.';
    case 'PostScript':
    case 'EPS':
      return 'ps2pdf FILE page.pdf.';
    case 'base64 text':
      return 'base64 -d FILE > page.png.';
    case 'PDF':
      return 'openDocument of the library reads its pages.';
    case 'Word':
    case 'Excel':
    case 'PowerPoint':
    case 'ODT':
    case 'RTF':
    case 'HTML':
    case 'old Office':
      return 'soffice --convert-to pdf FILE, with LibreOffice.';
    default:
      return 'save it as PNG or PDF.';
  }
}
