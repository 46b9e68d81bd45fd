import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { format as prettify } from 'prettier';
import { expect, it } from 'vitest';
import { formatNames, formats, writeDocuments, type FormatName } from '../../src/runtime/document/formats/formats.js';
import { packageVersion } from '../../src/runtime/package.js';
import { root } from '../helpers/cli.js';
import { created, line, readDocument, readPage, rectangle, word } from '../helpers/read-documents.js';

const file = path.join(root, 'docs', 'formats.md');
const tableBegin = '<!-- formats begin: written by `npm run docs` -->';
const tableEnd = '<!-- formats end -->';
const sample = /(<!-- sample of (\w+): written by `npm run docs` -->)(?:\n\n```\w*\n.*?\n```)?/gs;

const page = readPage(
  [
    line('Hello, world!', rectangle(20, 10, 150, 30), [
      word('Hello,', rectangle(20, 10, 80, 30), 0.99),
      word('world!', rectangle(88, 10, 150, 30), 0.97),
    ]),
    line('Tilted', [
      [20, 44],
      [80, 50],
      [78, 70],
      [18, 64],
    ]),
  ],
  { dpi: 150 },
);

const languages: Partial<Record<FormatName, string>> = {
  markdown: 'md',
  json: 'json',
  hocr: 'xml',
  alto: 'xml',
  page: 'xml',
};

async function sampleOf(name: FormatName): Promise<string> {
  const { bytes } = await writeDocuments(name, [readDocument([page], 'page.png')], { created });
  // A release does not change the page.
  const text = new TextDecoder().decode(bytes).replaceAll(packageVersion, 'VERSION').trimEnd();
  return `\`\`\`${languages[name] ?? 'text'}\n${text}\n\`\`\``;
}

function table(): string {
  const rows = formatNames.map((name) => {
    const { extension, contentType, needsWords, onePage } = formats[name];
    const cells = [`[\`${name}\`](#${name})`, `\`.${extension}\``, `\`${contentType}\``];
    return [...cells, needsWords ? 'lines and words' : (places[name] ?? ''), onePage ? 'one' : 'all'];
  });
  const lines = [['format', 'file', 'content type', 'places', 'pages a file'], Array(5).fill('---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const places: Partial<Record<FormatName, string>> = { json: 'lines, and words if they were read', png: 'lines' };

it('docs/formats.md has the table and samples of the formats in the code; if not, run: npm run docs', async () => {
  const text = await readFile(file, 'utf8');
  expect([text.split(tableBegin).length, text.split(tableEnd).length]).toEqual([2, 2]);
  const [before = '', rest = ''] = text.split(tableBegin);
  const [, after = ''] = rest.split(tableEnd);
  const samples = new Map<string, string>();
  for (const name of formatNames) if (!isBinary(name)) samples.set(name, await sampleOf(name));
  const named = [...after.matchAll(sample)].map(([, , name]) => name);
  expect(named.sort()).toEqual([...samples.keys()].sort());
  const filled = after.replace(sample, (_, marker: string, name: string) => `${marker}\n\n${samples.get(name) ?? ''}`);
  const written = `${before}${tableBegin}\n\n${table()}\n\n${tableEnd}${filled}`;
  const options = JSON.parse(await readFile(path.join(root, '.prettierrc.json'), 'utf8')) as object;
  const pretty = await prettify(written, { ...options, parser: 'markdown' });
  await expect(pretty).toMatchFileSnapshot(file);
});

it('docs/formats.md has a section for each format', async () => {
  const text = await readFile(file, 'utf8');
  const sections = [...text.matchAll(/^## ([a-z]+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(formatNames);
});

function isBinary(name: FormatName): boolean {
  return !/^text|json|xml;/.test(formats[name].contentType);
}
