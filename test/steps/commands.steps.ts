import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findsOf } from './faults.js';
import { authoring } from './scenarios/authoring.js';
import { batch } from './scenarios/batch.js';
import { models } from './scenarios/models.js';
import { packages } from './scenarios/packages.js';
import { serving } from './scenarios/serving.js';
import { settings } from './scenarios/settings.js';
import { callsIn, copyOf, placeAt, runAlone, runScenario, wrongAfter } from './trial.js';

/*
 * Each command is interrupted at its calls that change a file. Afterwards there is the old state or the new one, never one between,
 * and the same command works.
 */

const scenarios = [...packages, ...settings, ...authoring, ...batch, ...models, ...serving];

let place = '';
beforeAll(async () => {
  place = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-steps-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe.each(scenarios)('$title', (scenario) => {
  it('leaves the old state or the new one at every step, and works afterwards', async () => {
    const folder = path.join(place, scenario.title.replaceAll(/\W/g, '-'));
    const template = await placeAt(path.join(folder, 'template'));
    await mkdir(template.home, { recursive: true });
    await scenario.prepare(template);
    const clean = await copyOf(template, path.join(folder, 'clean'));
    const states = await runAlone(scenario, clean);

    const finds = await findsOf(scenario.title, await callsIn(clean), async (fault) => {
      const at = await copyOf(template, path.join(folder, `${fault.at}-${fault.kind}`));
      try {
        const { result } = await runScenario(scenario, at, { fault });
        const call = (await callsIn(at).catch(() => []))[fault.at - 1];
        const isKill = fault.kind === 'kill' || fault.kind === 'half';
        const wrong = await wrongAfter(scenario, at, result, {
          states,
          mayBeCutOff: isKill && scenario.entry === undefined,
        });
        return wrong && { call, ...wrong };
      } finally {
        await scenario.end?.(at);
        await rm(at.folder, { recursive: true, force: true });
      }
    });
    expect(finds).toEqual([]);
  });
});
