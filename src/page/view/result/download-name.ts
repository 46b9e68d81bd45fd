/** Extensions of files, where they differ from the name of the format. */
const extensions: Readonly<Record<string, string>> = {
  text: 'txt',
  markdown: 'md',
  alto: 'alto.xml',
  page: 'page.xml',
};

const labels: Readonly<Record<string, string>> = { hocr: 'hOCR', text: 'TXT', markdown: 'Markdown' };

/** The name of a downloaded file: that of the picture with the extension of the format. It is never the picture's own. */
export function downloadName(fileName: string, format: string, contentType: string): string {
  const stem = fileName.replace(/(?<=.)\.[^.]*$/, '');
  const extension = contentType.startsWith('application/zip') ? `${format}.zip` : (extensions[format] ?? format);
  const name = `${stem}.${extension}`;
  return name.toLowerCase() === fileName.toLowerCase() ? `${stem}-ocr.${extension}` : name;
}

export function formatLabel(format: string): string {
  return labels[format] ?? format.toUpperCase();
}
