import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDictionary, parseDictionary } from '../../../src/runtime/models/dictionary.js';
import { embeddedFolder, modelSets } from '../../../src/runtime/models/manifest.js';
import { resolveModel } from '../../../src/runtime/models/resolve.js';
import { verifyFile } from '../../../src/runtime/models/verify.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-models-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

describe('models/manifest.json', () => {
  it('tells size and SHA-256 of every embedded file', () => {
    const files = Object.values(modelSets().get('ppocrv6-small')?.files ?? {}).flatMap((entry) => entry ?? []);
    expect(files).toHaveLength(4);
    for (const { file, size, sha256: expected } of files) {
      const content = readFileSync(path.join(embeddedFolder, file));
      expect(content.length, file).toBe(size);
      expect(sha256(content), file).toBe(expected);
    }
  });
});

describe('resolveModel', () => {
  it('finds a set by name, with the dictionary of its recogniser', () => {
    const model = resolveModel('rec', 'ppocrv6-small');
    expect(path.basename(model.file)).toBe('PP-OCRv6_rec_small.onnx');
    expect(path.basename(model.dictionary?.file ?? '')).toBe('ppocrv6_dict.txt');
    expect(resolveModel('det', 'ppocrv6-small').dictionary).toBeUndefined();
  });

  it('finds the set of the npm package', () => {
    expect(statSync(resolveModel('cls', 'ppocrv4-mobile').file).isFile()).toBe(true);
  });

  it('finds the files of a folder', () => {
    const file = write('rec.onnx', 'net');
    const dictionary = write('dict.txt', 'a\nb\n');
    expect(resolveModel('rec', folder)).toEqual({ file, dictionary: { file: dictionary } });
    expect(resolveModel('rec', file)).toEqual({ file, dictionary: { file: dictionary } });
  });

  it('names the known sets when a name is none', () => {
    expect(() => resolveModel('det', 'ppocrv9-huge')).toThrow(
      expect.objectContaining({ code: 'model_unknown', message: expect.stringContaining('ppocrv6-small') as string }),
    );
  });

  it('names the missing file of a path or a folder', () => {
    const missing = (file: string): unknown => expect.objectContaining({ code: 'model_missing', message: expect.stringContaining(file) as string });
    expect(() => resolveModel('det', './nowhere/x.onnx')).toThrow(missing(path.resolve('nowhere/x.onnx')));
    expect(() => resolveModel('cls', folder)).toThrow(missing(path.join(folder, 'cls.onnx')));
  });
});

describe('verifyFile', () => {
  it('accepts the right hash, and a file of no known set', async () => {
    const file = write('good.onnx', 'content');
    await expect(verifyFile({ file, sha256: sha256('content') })).resolves.toBeUndefined();
    await expect(verifyFile({ file })).resolves.toBeUndefined();
  });

  it('refuses another content, also when the file changes later', async () => {
    const file = write('bad.onnx', 'content');
    const known = { file, sha256: sha256('content') };
    await verifyFile(known);
    write('bad.onnx', 'changed');
    utimesSync(file, 1, 1);
    await expect(verifyFile(known)).rejects.toMatchObject({ code: 'model_corrupt', details: { actual: sha256('changed') } });
  });

  it('refuses a file that is gone', async () => {
    const gone = { file: path.join(folder, 'gone.onnx'), sha256: '0'.repeat(64) };
    await expect(verifyFile(gone)).rejects.toMatchObject({ code: 'model_missing' });
  });
});

describe('dictionary', () => {
  it('splits on line feeds only and keeps white space', () => {
    expect(parseDictionary('a\n\u3000\n\u2028\n \n\u0085\n')).toEqual(['a', '\u3000', '\u2028', ' ', '\u0085']);
  });

  it('takes off carriage returns, and needs no line feed at the end', () => {
    expect(parseDictionary('a\r\nb')).toEqual(['a', 'b']);
  });

  it('of the embedded recogniser has 18,708 characters', async () => {
    const { dictionary } = resolveModel('rec', 'ppocrv6-small');
    expect(await loadDictionary(dictionary ?? { file: '' })).toHaveLength(18_708);
  });

  it('that is missing is an error with the path', async () => {
    await expect(loadDictionary({ file: path.join(folder, 'no.txt') })).rejects.toMatchObject({ code: 'model_missing' });
  });
});
