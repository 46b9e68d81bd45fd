/**
 * Validators of others judge what `writeDocuments` writes. One that is not installed is skipped by name:
 *
 * - hocr-spec: `pip install hocr-spec`, or the path of the program in HOCR_SPEC
 * - xmllint: the package libxml2-utils; with the schemas of ALTO 4.4 and PAGE 2019-07-15 in the folder OCRHUB_SCHEMAS as
 *   alto-4.4.xsd and page-2019.xsd, by default in shared/clients/schemas beside the clone
 * - python-docx and pandas: `pip install python-docx pandas`, for the interpreter PYTHON, by default python3
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { writeDocuments, type FormatName } from '../../src/runtime/document/formats/formats.js';
import { root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { created, hardDocuments } from '../helpers/read-documents.js';

const hocrSpec = process.env['HOCR_SPEC'] ?? 'hocr-spec';
const python = process.env['PYTHON'] ?? 'python3';
const schemas = process.env['OCRHUB_SCHEMAS'] ?? path.resolve(root, '..', 'shared', 'clients', 'schemas');

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

function run(program: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

const missing = (name: string, isThere: boolean): string => (isThere ? '' : ` (skipped: ${name} is not installed)`);
const hasProgram = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const hasPythonPackage = (name: string): boolean =>
  hasProgram(python) && run(python, '-c', `import ${name}`).code === 0;

/** Writes the documents into files: several, where the format has one page a file. */
async function written(format: FormatName): Promise<string[]> {
  const folder = await temporaryFolder();
  const { extension, bytes } = await writeDocuments(format, hardDocuments, { created });
  const files = extension === 'zip' ? Object.entries(unzipSync(bytes)) : [[`hard.${extension}`, bytes] as const];
  return Promise.all(
    files.map(async ([name, content]) => {
      await writeFile(path.join(folder, name), content);
      return path.join(folder, name);
    }),
  );
}

describe('hOCR', () => {
  const isThere = hasProgram(hocrSpec);
  it.skipIf(!isThere)(`hocr-spec finds the file valid${missing('hocr-spec', isThere)}`, async () => {
    const { code, output } = run(hocrSpec, ...(await written('hocr')));
    expect(output).toMatch(/\[OK\] .* Document is valid/);
    expect([code, output.match(/ERROR/g)]).toEqual([0, null]);
  });
});

describe.each([
  ['alto', 'alto-4.4.xsd', 1],
  ['page', 'page-2019.xsd', 5],
] as const)('%s', (format, schema, count) => {
  const file = path.join(schemas, schema);
  const lacks = hasProgram('xmllint') ? (existsSync(file) ? '' : file) : 'xmllint';
  it.skipIf(lacks !== '')(
    `xmllint finds each file of the format ${format} valid${missing(lacks, lacks === '')}`,
    async () => {
      const files = await written(format);
      expect(files).toHaveLength(count);
      for (const xml of files) {
        // Without --nonet, xmllint would download the schemas that a schema imports.
        const outcome = run('xmllint', '--noout', '--nonet', '--schema', file, xml);
        expect(outcome).toEqual({ code: 0, output: `${xml} validates\n` });
      }
    },
  );
});

describe('DOCX', () => {
  const isThere = hasPythonPackage('docx');
  it.skipIf(!isThere)(`python-docx reads the paragraphs${missing('python-docx', isThere)}`, async () => {
    const code = 'import docx, json, sys; print(json.dumps([p.text for p in docx.Document(sys.argv[1]).paragraphs]))';
    expect(JSON.parse(run(python, '-c', code, ...(await written('docx'))).output)).toEqual([
      ...['Hello <b>&"world\'s"', 'no words here \ufffd', 'tilted text', ''],
      ...['世界 OCR', 'שלום עולם', '𠮷🍵', 'turned', 'once more'],
    ]);
  });
});

describe('TSV', () => {
  const isThere = hasPythonPackage('pandas');
  it.skipIf(!isThere)(`pandas reads the words and their confidence${missing('pandas', isThere)}`, async () => {
    const code = [
      'import csv, pandas, sys',
      't = pandas.read_csv(sys.argv[1], sep="\\t", quoting=csv.QUOTE_NONE, keep_default_na=False)',
      'print(t[t.conf >= 0][["page_num", "left", "conf", "text"]].head(3).to_json(orient="values"))',
    ];
    expect(JSON.parse(run(python, '-c', code.join('\n'), ...(await written('tsv'))).output)).toEqual([
      [1, 10, 96.063751, 'Hello'],
      [1, 55, 100, '<b>&"world\'s"'],
      [1, 0, 90, 'no words here \ufffd'],
    ]);
  });
});
