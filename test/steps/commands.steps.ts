import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, type CliResult } from '../helpers/cli.js';
import { freePort } from '../helpers/home.js';
import { faultEnv, type Fault, type Faulty } from './fault-env.js';
import { findsOf } from './faults.js';
import { authoring } from './scenarios/authoring.js';
import { batch } from './scenarios/batch.js';
import { models } from './scenarios/models.js';
import { packages } from './scenarios/packages.js';
import type { Place, Scenario } from './scenarios/scenario.js';
import { serving } from './scenarios/serving.js';
import { settings } from './scenarios/settings.js';

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
    const { calls, states } = await countCalls(scenario, await copyOf(template, path.join(folder, 'clean')));

    const finds = await findsOf(scenario.title, calls, async (fault) => {
      const copy = await copyOf(template, path.join(folder, `${fault.at}-${fault.kind}`));
      const problem = await tryFault(scenario, copy, fault, states);
      await rm(copy.folder, { recursive: true, force: true });
      return problem;
    });
    expect(finds).toEqual([]);
  });
});

async function placeAt(folder: string): Promise<Place> {
  return { folder, home: path.join(folder, 'home'), port: await freePort() };
}

async function copyOf(template: Place, folder: string): Promise<Place> {
  await cp(template.folder, folder, { recursive: true, preserveTimestamps: true });
  return placeAt(folder);
}

interface States {
  readonly before: unknown;
  readonly after: unknown;
}

/** Runs the command without a fault. */
async function countCalls(scenario: Scenario, at: Place): Promise<{ calls: string[]; states: States }> {
  try {
    const { result, before } = await runScenario(scenario, at);
    const { code, stdout, stderr } = result;
    if (code !== 0) throw new Error(`${scenario.title} exited with ${String(code)}\n${stdout}\n${stderr}`);
    const after = await scenario.state(at);
    expect(after).not.toEqual(before);
    return { calls: await callsIn(at), states: { before, after } };
  } finally {
    await scenario.end?.(at);
  }
}

/** Runs the command, or the server that it speaks to, with a fault. */
async function runScenario(
  scenario: Scenario,
  at: Place,
  fault?: Fault,
): Promise<{ result: CliResult; before: unknown }> {
  const armed = besides(at, 'armed');
  const how: Faulty = {
    below: scenario.below.map((name) => path.join(at.folder, name)),
    armed,
    log: besides(at, 'log'),
    ...(scenario.entry === undefined ? {} : { entry: scenario.entry }),
  };
  const env = faultEnv(how, fault);
  const isServer = scenario.begin !== undefined && scenario.entry !== undefined;
  await scenario.begin?.(at, isServer ? env : {});
  const before = fault === undefined ? await scenario.state(at) : undefined;
  await writeFile(armed, '');
  const result = await ocrhub(at.home, [...scenario.args(at), '--json'], {
    cwd: at.folder,
    env: { ...scenario.env, ...(isServer ? {} : env) },
    timeout: 240_000,
  });
  return { result, before };
}

/** A file that belongs to a run and lies outside its folders, whose changes are counted. */
function besides(at: Place, what: string): string {
  return `${at.folder}.${what}`;
}

async function callsIn(at: Place): Promise<string[]> {
  return (await readFile(besides(at, 'log'), 'utf8')).trimEnd().split('\n');
}

async function tryFault(
  scenario: Scenario,
  at: Place,
  fault: Fault,
  { before, after }: States,
): Promise<object | undefined> {
  try {
    const isKill = fault.kind === 'kill' || fault.kind === 'half';
    const { result: first } = await runScenario(scenario, at, fault);
    const state = await scenario.state(at).catch((error: unknown) => String(error));
    const [isOld, isNew] = [equal(state, before), equal(state, after)];
    const isOther = scenario.otherStates?.some((other) => equal(state, other)) === true;
    const call = (await callsIn(at).catch(() => []))[fault.at - 1];
    const shown = { call, code: first.code, text: (first.stdout + first.stderr).slice(0, 600) };
    if (!isOld && !isNew && !isOther) return { wrong: 'a state between', state, ...shown };
    if ((!isKill || scenario.entry !== undefined) && !isAnswer(first)) return { wrong: 'no named error', ...shown };
    if (first.code === 0 && !isNew) return { wrong: 'success without effect', state, ...shown };
    const args = isOther && !isOld ? (scenario.rescue ?? scenario.args)(at) : scenario.args(at);
    const again = await ocrhub(at.home, args, { cwd: at.folder, env: { ...scenario.env } });
    const allowed = isNew ? [0, ...(scenario.whenDone ?? [])] : [0];
    if (!allowed.includes(again.code ?? -1))
      return { wrong: 'the next command fails', ...shown, again: [again.code, again.stderr.slice(0, 500)] };
    const final = await scenario.state(at);
    return equal(final, after) ? undefined : { wrong: 'the next command leaves another state', final, ...shown };
  } finally {
    await scenario.end?.(at);
  }
}

/** Success, or an error of the table that is no bug, with the exit code that the table has. */
function isAnswer({ code, stdout }: CliResult): boolean {
  if (code === 0) return true;
  if (code === null || code < 2 || code > 5) return false;
  try {
    return (JSON.parse(stdout) as { error?: { code: string } }).error?.code !== 'internal';
  } catch {
    return false;
  }
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
