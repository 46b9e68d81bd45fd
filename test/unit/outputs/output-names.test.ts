import path from 'node:path';
import { expect, it } from 'vitest';
import { outputStems } from '../../../src/runtime/outputs/output-names.js';

const stems = (files: readonly string[], ...extensions: string[]): string[] =>
  outputStems(
    files.map((file) => ({ file, target: path.join('out', file.replace(/^\w:/, '')) })),
    extensions,
  );

const out = (...names: string[]): string[] => names.map((name) => path.join('out', name));

it('an output has the name of its file without the extension', () => {
  expect(stems(['a.jpg', 'sub/b.PDF', 'c.v2'], 'txt')).toEqual(out('a', 'sub/b', 'c.v2'));
});

it('files that differ in their extension only keep it', () => {
  expect(stems(['a.jpg', 'A.pdf', 'sub/a.jpg'], 'txt')).toEqual(out('a.jpg', 'A.pdf', 'sub/a'));
});

it('a further file does not take the output of another, so that --resume does not skip it', () => {
  expect(stems(['a.jpg'], 'txt')).toEqual(out('a'));
  expect(stems(['a.bmp', 'a.jpg'], 'txt')).not.toContain(path.join('out', 'a'));
});

it('files of one name are numbered', () => {
  const target = path.join('out', 'a.jpg');
  const inputs = ['x/a.jpg', 'y/a.jpg', 'z/A.JPG'].map((file) => ({ file, target }));
  expect(outputStems(inputs, ['txt'])).toEqual(out('a.jpg', 'a.jpg-2', 'a.jpg-3'));
});

it('an output never overwrites a file that is read', () => {
  const inputs = ['out/a.pdf', 'out/b.jpg', 'out/b.zip'].map((file) => ({ file, target: path.normalize(file) }));
  expect(outputStems(inputs, ['pdf'])).toEqual(out('a.pdf', 'b', 'b.zip'));
  expect(outputStems(inputs, ['png', 'zip'])).toEqual(out('a', 'b.jpg', 'b.zip'));
});
