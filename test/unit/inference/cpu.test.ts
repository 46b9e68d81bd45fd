import { describe, expect, it } from 'vitest';
import { multipliesBytes } from '../../../src/runtime/inference/cpu.js';

describe('multipliesBytes', () => {
  it.each([
    ['flags\t\t: fpu sse2 avx2 avx512f avx512_vnni avx512_bf16', true],
    ['flags\t\t: fpu sse2 avx2 avx_vnni', true],
    ['flags\t\t: fpu sse2 avx2 avx512f avx512_vbmi2', false],
    ['Features\t: fp asimd asimddp', undefined],
    ['', undefined],
  ])('of %j is %j', (cpuinfo, expected) => {
    expect(multipliesBytes(`processor\t: 0\n${cpuinfo}\n`)).toBe(expected);
  });
});
