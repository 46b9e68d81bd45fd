export type ImageFormat = 'JPEG' | 'PNG' | 'WebP' | 'TIFF' | 'GIF' | 'BMP';

/** The file format by its first bytes; undefined for an unsupported one. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  return signatures.find(({ parts }) => parts.every(([offset, text]) => hasText(bytes, offset, text)))?.format;
}

const signatures: readonly { format: ImageFormat; parts: readonly (readonly [offset: number, text: string])[] }[] = [
  { format: 'JPEG', parts: [[0, '\xff\xd8\xff']] },
  { format: 'PNG', parts: [[0, '\x89PNG\r\n\x1a\n']] },
  {
    format: 'WebP',
    parts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
  { format: 'TIFF', parts: [[0, 'II*\0']] },
  { format: 'TIFF', parts: [[0, 'MM\0*']] },
  { format: 'TIFF', parts: [[0, 'II+\0']] },
  { format: 'TIFF', parts: [[0, 'MM\0+']] },
  { format: 'GIF', parts: [[0, 'GIF87a']] },
  { format: 'GIF', parts: [[0, 'GIF89a']] },
  { format: 'BMP', parts: [[0, 'BM']] },
];

function hasText(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}
