import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collectStages, measure } from '../../../src/runtime/trace/stage-times.js';

describe('collectStages', () => {
  it('returns the result and the time of each stage', async () => {
    const { result, stages } = await collectStages(() => measure('detect', () => sleep(15, 'boxes')));
    expect(result).toBe('boxes');
    expect(stages.detect).toBeGreaterThan(0);
    expect(stages.recognize).toBe(0);
  });

  it('counts a stage that contains itself once', async () => {
    const start = performance.now();
    const { stages } = await collectStages(() => measure('detect', () => measure('detect', () => sleep(20))));
    expect(stages.detect).toBeLessThanOrEqual(performance.now() - start);
  });

  it("counts the stage of version 0.1, 'recognise', as 'recognize'", async () => {
    const { stages } = await collectStages(() => measure('recognise', () => sleep(15)));
    expect(stages.recognize).toBeGreaterThan(0);
    expect(Object.keys(stages)).toEqual(['decode', 'detect', 'classify', 'recognize']);
  });

  it('separates tasks that run at the same time', async () => {
    const [first, second] = await Promise.all([
      collectStages(() => measure('detect', () => sleep(10))),
      collectStages(() => measure('recognize', () => sleep(10))),
    ]);
    expect(first.stages.recognize).toBe(0);
    expect(second.stages.detect).toBe(0);
  });

  it('passes on the error of a failed stage', async () => {
    await expect(collectStages(() => measure('decode', () => Promise.reject(new Error('no'))))).rejects.toThrow('no');
  });

  it('is optional: measure() runs a stage without it', async () => {
    await expect(measure('decode', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
