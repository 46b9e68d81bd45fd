import path from 'node:path';
import { expect, it } from 'vitest';
import { drawingNames } from '../../../src/runtime/outputs/drawing-names.js';
import { namedInput } from '../../helpers/inputs.js';

const drawn = (...names: string[]): string[] => names.map((name) => path.join('out', name));
const namesIn = (folder: string | undefined, ...files: string[]): string[] =>
  drawingNames(files.map(namedInput), folder).map((name) => name(1, 1));

it('a drawing in a folder is named after its file', () => {
  expect(namesIn('out', 'a/x.jpg', 'y.png')).toEqual(drawn('x.jpg.png', 'y.png.png'));
});

it('drawings of files with equal names from several folders are numbered, ignoring case', () => {
  expect(namesIn('out', 'a/x.jpg', 'b/x.jpg', 'c/X.jpg', 'd/x.jpg-2')).toEqual(
    drawn('x.jpg.png', 'x.jpg-2.png', 'X.jpg-3.png', 'x.jpg-2-2.png'),
  );
});

it('a drawing never overwrites a file that is read', () => {
  expect(namesIn('out', 'out/x.jpg', 'out/x.jpg.png')).toEqual(drawn('x.jpg-2.png', 'x.jpg.png.png'));
});

it('a drawing beside its file ends in .lines.png', () => {
  expect(namesIn(undefined, 'a/x.jpg', 'y.pdf', 'z')).toEqual([
    path.join('a', 'x.lines.png'),
    'y.lines.png',
    'z.lines.png',
  ]);
});

it('drawings beside files that differ in their extension only keep it', () => {
  expect(namesIn(undefined, 'a/x.jpg', 'a/x.png', 'b/x.png')).toEqual([
    path.join('a', 'x.jpg.lines.png'),
    path.join('a', 'x.png.lines.png'),
    path.join('b', 'x.lines.png'),
  ]);
});

it('the drawings of a document with several pages have the number of the page', () => {
  const [beside] = drawingNames([namedInput('scan.pdf')], undefined);
  const [inFolder] = drawingNames([namedInput('scan.pdf')], 'out');
  expect(beside?.(2, 3)).toBe('scan.page-2.lines.png');
  expect(inFolder?.(2, 3)).toBe(path.join('out', 'scan.pdf.page-2.png'));
});
