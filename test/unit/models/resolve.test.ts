import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDictionary, parseDictionary } from '../../../src/runtime/models/dictionary.js';
import { ownSets, resolveModel } from '../../../src/runtime/models/resolve.js';
import { resolveHome, type Home } from '../../../src/runtime/config/home.js';
import { verifyFile, verifyModel } from '../../../src/runtime/models/verify.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-models-'));
afterAll(() => rmSync(folder, { recursive: true }));

const home: Home = { ...resolveHome(), models: path.join(folder, 'models') };

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

describe('resolveModel', () => {
  it('finds a set by name, with the dictionary of its recognizer', () => {
    const model = resolveModel('rec', 'ppocrv6-small', home);
    expect(path.basename(model.file)).toBe('PP-OCRv6_rec_small.onnx');
    expect(path.basename(model.dictionary?.file ?? '')).toBe('ppocrv6_dict.txt');
    expect(resolveModel('det', 'ppocrv6-small', home).dictionary).toBeUndefined();
  });

  it('finds a set that comes with an npm package', () => {
    expect(statSync(resolveModel('cls', 'ppocrv4-mobile', home).file).isFile()).toBe(true);
  });

  it('finds the files of a folder', () => {
    const file = write('rec.onnx', 'net');
    const dictionary = write('dict.txt', 'a\nb\n');
    expect(resolveModel('rec', folder, home)).toEqual({ file, dictionary: { file: dictionary } });
    expect(resolveModel('rec', file, home)).toEqual({ file, dictionary: { file: dictionary } });
  });

  it("finds PaddleOCR's file names in a folder, with the settings that belong to the network", () => {
    const model = write('paddle/inference.onnx', 'net');
    const inferenceYml = write('paddle/inference.yml', 'PostProcess: {}');
    const where = path.dirname(model);
    expect(resolveModel('rec', where, home)).toEqual({ file: model, dictionary: { file: inferenceYml }, inferenceYml });
    expect(resolveModel('det', where, home)).toEqual({ file: model, inferenceYml });
    const own = write('paddle/det.onnx', 'net');
    expect(resolveModel('det', where, home)).toEqual({ file: own });
  });

  it.each(['./none', 'none/det.onnx', '../none/', 'det.onnx', '.\\\\none'])(
    'says from which folder %s was counted, and names the whole path',
    (spec) => {
      expect(() => resolveModel('det', spec, home)).toThrow(
        expect.objectContaining({
          code: 'model_missing',
          message: `Model file ${path.resolve(spec)} is missing`,
          hint: `"${spec}" counts from the folder in which the command was started, ${process.cwd()}. If the file lies elsewhere, write its whole path. Put the model there, or name a model set.`,
        }),
      );
    },
  );

  it.each(['/none/det.onnx', '~/none/det.onnx'])(
    'says of %s, which is a whole path, only that it is missing',
    (spec) => {
      expect(() => resolveModel('det', spec, home)).toThrow(
        expect.objectContaining({ code: 'model_missing', hint: 'Put the model there, or name a model set.' }),
      );
    },
  );

  it.each(['none.txt', './none/inference.yml'])(
    'says from which folder the dictionary %s was counted',
    async (file) => {
      await expect(loadDictionary({ file })).rejects.toMatchObject({
        code: 'model_missing',
        message: `Model file ${path.resolve(file)} is missing`,
        hint: expect.stringContaining(`"${file}" counts from the folder in which the command was started`) as string,
      });
    },
  );

  it('finds a downloaded set in the home folder, with the recorded hash', () => {
    const set = 'ppocrv5-mobile-en';
    expect(() => resolveModel('rec', set, home)).toThrow(
      expect.objectContaining({ code: 'model_missing', hint: `Run: ocrhub download ${set}` }),
    );
    const file = write(`models/${set}/rec.onnx`, 'net');
    const dictionary = write(`models/${set}/inference.yml`, 'PostProcess: {}');
    write(`models/${set}/rec.onnx.sha256`, `${sha256('net')}  rec.onnx\n`);
    expect(resolveModel('rec', set, home)).toEqual({ file, sha256: sha256('net'), dictionary: { file: dictionary } });
    expect(() => resolveModel('det', set, home)).toThrow(expect.objectContaining({ code: 'model_unknown' }));
  });

  it("finds a user's own set in the home folder by its name", () => {
    expect(() => resolveModel('det', 'mine', home)).toThrow(expect.objectContaining({ code: 'model_unknown' }));
    const file = write('models/mine/det.onnx', 'net');
    write('models/.staging/det.onnx', 'net');
    expect(resolveModel('det', 'mine', home)).toEqual({ file });
    expect(ownSets(home)).toEqual(['mine']);
    expect(() => resolveModel('det', 'other', home)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('mine') as string }),
    );
  });

  it('lists the known sets if a name is unknown', () => {
    expect(() => resolveModel('det', 'ppocrv9-huge', home)).toThrow(
      expect.objectContaining({ code: 'model_unknown', message: expect.stringContaining('ppocrv6-small') as string }),
    );
  });

  it('names the missing file of a path or a folder', () => {
    const missing = (file: string): unknown =>
      expect.objectContaining({ code: 'model_missing', message: expect.stringContaining(file) as string });
    expect(() => resolveModel('det', './nowhere/x.onnx', home)).toThrow(missing(path.resolve('nowhere/x.onnx')));
    expect(() => resolveModel('cls', folder, home)).toThrow(missing(path.join(folder, 'cls.onnx')));
  });
});

describe('verifyModel', () => {
  it('refuses a network whose inference.yml declares RGB pictures', async () => {
    const file = write('order/inference.onnx', 'net');
    const order = (mode: string): string =>
      write(
        'order/inference.yml',
        `PreProcess:\n  transform_ops:\n  - DecodeImage:\n      img_mode: ${mode}\n  - Resize: 960\n  - ToCHW: null\n`,
      );
    const inferenceYml = order('BGR');
    await expect(verifyModel({ file, inferenceYml })).resolves.toBeUndefined();
    order('RGB');
    await expect(verifyModel({ file, inferenceYml })).rejects.toMatchObject({
      code: 'model_mismatch',
      message: expect.stringContaining('pictures as RGB') as string,
    });
  });
});

describe('verifyFile', () => {
  it('accepts a file with the right hash or without a known hash', async () => {
    const file = write('good.onnx', 'content');
    await expect(verifyFile({ file, sha256: sha256('content') })).resolves.toBeUndefined();
    await expect(verifyFile({ file })).resolves.toBeUndefined();
  });

  it('refuses a file that changed after it was verified', async () => {
    const file = write('bad.onnx', 'content');
    const known = { file, sha256: sha256('content') };
    await verifyFile(known);
    write('bad.onnx', 'changed');
    utimesSync(file, 1, 1);
    await expect(verifyFile(known)).rejects.toMatchObject({
      code: 'model_corrupt',
      details: { actual: sha256('changed') },
    });
  });

  it('refuses a missing file', async () => {
    const gone = { file: path.join(folder, 'gone.onnx'), sha256: '0'.repeat(64) };
    await expect(verifyFile(gone)).rejects.toMatchObject({ code: 'model_missing' });
  });
});

describe('a dictionary', () => {
  it('in an inference.yml keeps entries such as 1, ~ and yes as text', async () => {
    const file = write(
      'yml/inference.yml',
      "PostProcess:\n  name: CTCLabelDecode\n  character_dict:\n  - '!'\n  - 1\n  - ~\n  - yes\n  - \"\\u3000\"\n  - ''''\n  - 山\n",
    );
    expect(await loadDictionary({ file })).toEqual(['!', '1', '~', 'yes', '\u3000', "'", '山']);
  });

  it('in a malformed inference.yml is refused', async () => {
    for (const text of ['PostProcess: {}', 'PostProcess: [', 'PostProcess:\n  character_dict: 3', '']) {
      const file = write('yml/bad.yml', text);
      await expect(loadDictionary({ file }), text).rejects.toMatchObject({
        code: 'model_mismatch',
        details: { path: file },
      });
    }
  });

  it('with a line per class loses the lines of the blank and the space', async () => {
    expect(await loadDictionary({ file: write('classes.txt', 'blank\na\nb\n \n') })).toEqual(['a', 'b']);
    expect(await loadDictionary({ file: write('classes.txt', 'a\nblank\n \n') })).toEqual(['a', 'blank', ' ']);
  });

  it('is split at line feeds only and keeps white space', () => {
    expect(parseDictionary('a\n\u3000\n\u2028\n \n\u0085\n')).toEqual(['a', '\u3000', '\u2028', ' ', '\u0085']);
  });

  it('loses its carriage returns and needs no line feed at the end', () => {
    expect(parseDictionary('a\r\nb')).toEqual(['a', 'b']);
  });

  it('of the embedded recognizer has 18,708 characters', async () => {
    const { dictionary } = resolveModel('rec', 'ppocrv6-small', home);
    expect(await loadDictionary(dictionary ?? { file: '' })).toHaveLength(18_708);
  });

  it('that is missing is refused', async () => {
    await expect(loadDictionary({ file: path.join(folder, 'no.txt') })).rejects.toMatchObject({
      code: 'model_missing',
    });
  });
});
