import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, type CliResult } from '../helpers/cli.js';
import { callsOf, runWithFault, type Fault, type Faulty } from './run-with-fault.js';
import { scenarios, type Scenario } from './scenarios.js';

/*
 * Each command is interrupted at each of its calls that change a file. Afterwards there is the old state or the new one, never one
 * between, and the same command works.
 */

/** What a disk, a folder or a system may say. STEPS_KINDS names others. */
const kinds = (process.env['STEPS_KINDS'] ?? 'kill,half,ENOSPC,EROFS,EACCES,EIO,EMFILE').split(',');
/** Commands at the same time. */
const atOnce = 2;

let place = '';
beforeAll(async () => {
  place = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-steps-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe.each(scenarios)('$title', (scenario) => {
  it('leaves the old state or the new one at every step, and works afterwards', async () => {
    const folder = path.join(place, scenario.title.replaceAll(/\W/g, '-'));
    const template = path.join(folder, 'template');
    await prepareTemplate(scenario, template);
    const before = await scenario.state(template, homeIn(template));
    const clean = path.join(folder, 'clean');
    await cp(template, clean, { recursive: true, preserveTimestamps: true });
    const calls = await callsOf(homeIn(clean), scenario.args, howIn(scenario, clean));
    const after = await scenario.state(clean, homeIn(clean));
    expect(after).not.toEqual(before);

    const faults = calls.flatMap((call, i) => kindsOf(call).map((kind) => ({ at: i + 1, kind })));
    const finds: object[] = [];
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let fault = faults.shift(); fault !== undefined; fault = faults.shift()) {
          const copy = path.join(folder, `${fault.at}-${fault.kind}`);
          await cp(template, copy, { recursive: true, preserveTimestamps: true });
          const problem = await tryFault(scenario, copy, fault, { before, after });
          if (problem !== undefined) {
            const find = { ...fault, call: calls[fault.at - 1]?.replace(place, ''), ...problem };
            finds.push(find);
            console.log(JSON.stringify(find));
          }
          await rm(copy, { recursive: true, force: true });
        }
      }),
    );
    console.log(`${scenario.title}: ${calls.length} calls`);
    expect(finds).toEqual([]);
  });
});

async function prepareTemplate(scenario: Scenario, template: string): Promise<void> {
  await mkdir(homeIn(template), { recursive: true });
  await scenario.prepare(template, homeIn(template));
}

/** Only calls that write or remove several things have a middle. */
function kindsOf(call: string): string[] {
  const hasMiddle = /^\d+ (write|append|rm |rmSync|cp)/.test(call);
  return kinds.filter((kind) => kind !== 'half' || hasMiddle);
}

function homeIn(folder: string): string {
  return path.join(folder, 'home');
}

function howIn(scenario: Scenario, folder: string): Faulty {
  return { below: scenario.below.map((name) => path.join(folder, name)), cwd: folder };
}

async function tryFault(
  scenario: Scenario,
  folder: string,
  fault: Fault,
  { before, after }: { before: unknown; after: unknown },
): Promise<object | undefined> {
  const isKill = fault.kind === 'kill' || fault.kind === 'half';
  const first = await runWithFault(homeIn(folder), [...scenario.args, '--json'], howIn(scenario, folder), fault);
  const state = await scenario.state(folder, homeIn(folder)).catch((error: unknown) => String(error));
  const [isOld, isNew] = [equal(state, before), equal(state, after)];
  const shown = { code: first.code, text: (first.stdout + first.stderr).slice(0, 600) };
  if (!isOld && !isNew) return { wrong: 'a state between', state, ...shown };
  if (!isKill && !isAnswer(first)) return { wrong: 'no named error', ...shown };
  if (first.code === 0 && !isNew) return { wrong: 'success without effect', state, ...shown };
  const again = await ocrhub(homeIn(folder), scenario.args, { cwd: folder });
  const allowed = isNew ? [0, ...(scenario.whenDone ?? [])] : [0];
  if (!allowed.includes(again.code ?? -1))
    return { wrong: 'the next command fails', ...shown, again: again.stderr.slice(0, 500) };
  const final = await scenario.state(folder, homeIn(folder));
  return equal(final, after) ? undefined : { wrong: 'the next command leaves another state', final, ...shown };
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
