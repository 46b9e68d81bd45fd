import { describe, expect, it } from 'vitest';
import { suitsInt8 } from '../../../src/runtime/inference/cpu.js';

describe('suitsInt8', () => {
  it.each([
    ['x64', 'flags\t\t: fpu sse2 avx2 avx512f avx512_vnni avx512_bf16', true],
    ['x64', 'flags\t\t: fpu sse2 avx avx2 bmi2', true],
    ['x64', 'flags\t\t: fpu sse2 avx aes', false],
    ['x64', '', true], // Windows and macOS have no /proc/cpuinfo
    ['arm64', 'Features\t: fp asimd asimddp', false],
    ['arm64', '', false],
  ])('on %s with cpuinfo %j returns %j', (arch, cpuinfo, expected) => {
    expect(suitsInt8(arch, `processor\t: 0\n${cpuinfo}\n`)).toBe(expected);
  });
});
