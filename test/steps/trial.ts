import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { ocrhub, type CliResult } from '../helpers/cli.js';
import { freePort } from '../helpers/home.js';
import { faultEnv, type Fault, type Faulty } from './fault-env.js';
import type { Place, Scenario } from './scenarios/scenario.js';

/* One run of a scenario, and what is wrong after it. */

export async function placeAt(folder: string): Promise<Place> {
  return { folder, home: path.join(folder, 'home'), port: await freePort() };
}

export async function copyOf(template: Place, folder: string): Promise<Place> {
  await cp(template.folder, folder, { recursive: true, preserveTimestamps: true });
  return placeAt(folder);
}

/** What a user finds before and after a command that nothing interrupts. */
export interface States {
  readonly before: unknown;
  readonly after: unknown;
}

/** Runs the command without a fault. */
export async function runAlone(scenario: Scenario, at: Place): Promise<States> {
  try {
    const { result, before } = await runScenario(scenario, at);
    const { code, stdout, stderr } = result;
    if (code !== 0) throw new Error(`${scenario.title} exited with ${String(code)}\n${stdout}\n${stderr}`);
    const after = await scenario.state(at);
    expect(after).not.toEqual(before);
    return { before, after };
  } finally {
    await scenario.end?.(at);
  }
}

interface RunOptions {
  /** Of the command, or of the server that it speaks to. */
  readonly fault?: Fault;
  /** Called when all is there and the command has not begun. */
  readonly spoil?: () => Promise<void>;
  readonly asNobody?: boolean;
}

export async function runScenario(
  scenario: Scenario,
  at: Place,
  { fault, spoil, asNobody = false }: RunOptions = {},
): Promise<{ result: CliResult; before: unknown }> {
  const armed = besides(at, 'armed');
  const how: Faulty = {
    below: scenario.below.map((name) => path.join(at.folder, name)),
    armed,
    log: besides(at, 'log'),
    ...(scenario.entry === undefined ? {} : { entry: scenario.entry }),
  };
  const env = spoil === undefined ? faultEnv(how, fault) : {};
  const isServer = scenario.begin !== undefined && scenario.entry !== undefined;
  await scenario.begin?.(at, isServer ? env : {});
  const before = fault === undefined && spoil === undefined ? await scenario.state(at) : undefined;
  await (spoil?.() ?? writeFile(armed, ''));
  const result = await ocrhub(at.home, [...scenario.args(at), '--json'], {
    cwd: at.folder,
    env: { ...scenario.env, ...(isServer ? {} : env) },
    timeout: 240_000,
    asNobody,
  });
  return { result, before };
}

/** A file that belongs to a run and lies outside its folders, whose changes are counted. */
function besides(at: Place, what: string): string {
  return `${at.folder}.${what}`;
}

/** The calls of a run that changed files, as `NUMBER NAME PATH`. */
export async function callsIn(at: Place): Promise<string[]> {
  return (await readFile(besides(at, 'log'), 'utf8')).trimEnd().split('\n');
}

interface Expected {
  readonly states: States;
  /** Whether the command was killed, so that it owes no answer. */
  readonly mayBeCutOff?: boolean;
  /** Makes the place whole again for the next command. */
  readonly mend?: () => Promise<void>;
}

/** What is wrong after a run that was interrupted; undefined if all is well. */
export async function wrongAfter(
  scenario: Scenario,
  at: Place,
  first: CliResult,
  { states: { before, after }, mayBeCutOff = false, mend }: Expected,
): Promise<object | undefined> {
  const state = await scenario.state(at).catch((error: unknown) => String(error));
  const [isOld, isNew] = [equal(state, before), equal(state, after)];
  const isOther = scenario.otherStates?.some((other) => equal(state, other)) === true;
  const shown = { code: first.code, text: (first.stdout + first.stderr).slice(0, 600) };
  if (!isOld && !isNew && !isOther) return { wrong: 'a state between', state, ...shown };
  if (!mayBeCutOff && !isAnswer(first)) return { wrong: 'no named error', ...shown };
  if (first.code === 0 && !isNew) return { wrong: 'success without effect', state, ...shown };
  await mend?.();
  const args = isOther && !isOld ? (scenario.rescue ?? scenario.args)(at) : scenario.args(at);
  const again = await ocrhub(at.home, args, { cwd: at.folder, env: { ...scenario.env } });
  const allowed = isNew ? [0, ...(scenario.whenDone ?? [])] : [0];
  if (!allowed.includes(again.code ?? -1))
    return { wrong: 'the next command fails', ...shown, again: [again.code, again.stderr.slice(0, 500)] };
  const final = await scenario.state(at);
  return equal(final, after) ? undefined : { wrong: 'the next command leaves another state', final, ...shown };
}

/** Success, or an error of the table that is no bug, with the exit code that the table has. */
function isAnswer({ code, stdout }: CliResult): boolean {
  if (code === 0) return true;
  if (code === null || code < 2 || code > 5) return false;
  // A batch prints a line for each unit before.
  for (const text of [stdout, stdout.trimEnd().split('\n').at(-1) ?? '']) {
    try {
      return (JSON.parse(text) as { error?: { code: string } }).error?.code !== 'internal';
    } catch {
      continue;
    }
  }
  return false;
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
