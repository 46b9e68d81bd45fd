import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowBareVisualize } from '../../../src/commands/_file-flags.js';
import { root } from '../../helpers/cli.js';

const picture = path.join(root, 'test', 'fixtures', 'pixel.png');

describe('allowBareVisualize', () => {
  it.each([
    [['p.jpg', '--visualize']],
    [['--visualize', '--json', 'p.jpg']],
    [['--visualize', '-f', 'jsonl', 'p.jpg']],
    [['--visualize', picture]],
    [['--visualize', 'scans/*.jpg']],
    [['--visualize', '-']],
  ])('%j has no folder', (words) => {
    expect(allowBareVisualize(words)).toEqual(words.map((word) => (word === '--visualize' ? '--visualize=' : word)));
  });

  it.each([
    [['p.jpg', '--visualize', 'out']],
    [['--visualize', root, 'p.jpg']],
    [['--visualize=out', 'p.jpg']],
    [['--', '--visualize']],
  ])('%j stays as it is', (words) => {
    expect(allowBareVisualize(words)).toEqual(words);
  });
});
