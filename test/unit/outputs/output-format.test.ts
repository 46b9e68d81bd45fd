import { expect, it } from 'vitest';
import { formats, formatNames } from '../../../src/runtime/document/formats/formats.js';
import { formatOfPath, isBinary } from '../../../src/runtime/outputs/output-format.js';

it.each([
  ['a.txt', 'text'],
  ['out/a.MD', 'markdown'],
  ['a.alto.xml', 'alto'],
  ['a.page.xml', 'page'],
  ['a.jsonl', 'jsonl'],
  ['a.docx', 'docx'],
  ['a.xml', undefined],
  ['txt', undefined],
  ['out', undefined],
])('the extension of %s stands for %s', (file, format) => {
  expect(formatOfPath(file)).toBe(format);
});

it('archives, pictures, PDF and Word files cannot be shown in a terminal', () => {
  const binary = formatNames.filter((name) => isBinary(formats[name].contentType));
  expect(binary).toEqual(formatNames.filter((name) => ['docx', 'png', 'pdf'].includes(name)));
  expect(isBinary('application/zip')).toBe(true);
});
