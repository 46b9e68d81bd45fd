import { describe, expect, it } from 'vitest';
import { refuseSwitchValues } from '../../../src/commands/_switch-values.js';

const flags = {
  use_multiprocess: { type: 'boolean', aliases: ['use-multiprocess'] },
  verbose: { type: 'boolean', char: 'v' },
  modules: { type: 'option', char: 'm' },
} as const;

describe('a value after a flag that takes none', () => {
  it.each([
    ['--use_multiprocess True', 'write --use_multiprocess alone'],
    ['-m ocr_system --use_multiprocess true', 'write --use_multiprocess alone'],
    ['--use-multiprocess yes', 'write --use-multiprocess alone'],
    ['--use_multiprocess=1', 'write --use_multiprocess alone'],
    ['--use_multiprocess=x', 'write --use_multiprocess alone'],
    ['--use_multiprocess False', 'leave it out'],
    ['--use_multiprocess=0', 'leave it out'],
    ['-v off', 'leave it out'],
  ])('%s is refused by the flag, with what to write', (line, advice) => {
    expect(() => refuseSwitchValues(line.split(' '), flags)).toThrow(advice);
  });

  it.each(['--use_multiprocess', '--use_multiprocess -m true', '-m True', '--modules=true', '-v a.png', '-v ./true'])(
    '%s is taken',
    (line) => {
      expect(() => refuseSwitchValues(line.split(' '), flags)).not.toThrow();
    },
  );
});
