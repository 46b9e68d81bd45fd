import type { EmbeddedPicture } from '../../image/embed/embedded-picture.js';
import type { PdfWriter, Reference } from './pdf-writer.js';

/** Adds a picture as an image XObject (ISO 32000-1, 8.9.5). */
export function addPicture(file: PdfWriter, picture: EmbeddedPicture): Reference {
  const { width, height, bits, data } = picture;
  const entries =
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent ${bits} ` +
    `/ColorSpace ${colorSpace(picture)} ${filter(picture)}`;
  return file.addStream(entries, data);
}

function colorSpace({ color }: EmbeddedPicture): string {
  if (color === 'gray') return '/DeviceGray';
  if (color === 'rgb') return '/DeviceRGB';
  return `[/Indexed /DeviceRGB ${color.length / 3 - 1} <${Buffer.from(color).toString('hex')}>]`;
}

function filter({ coding, width, height, bits, color, hasRowFilters }: EmbeddedPicture): string {
  switch (coding) {
    case 'jpeg':
      return '/Filter /DCTDecode';
    case 'fax':
      return `/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns ${width} /Rows ${height} /BlackIs1 true >>`;
    case 'flate': {
      const channels = color === 'rgb' ? 3 : 1;
      const rows = `/DecodeParms << /Predictor 15 /Colors ${channels} /BitsPerComponent ${bits} /Columns ${width} >>`;
      return hasRowFilters ? `/Filter /FlateDecode ${rows}` : '/Filter /FlateDecode';
    }
  }
}
