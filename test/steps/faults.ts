import path from 'node:path';
import type { Fault } from './fault-env.js';

/** What happens at every step. STEPS_KINDS names other kinds. */
const kinds = (process.env['STEPS_KINDS'] ?? 'kill,half').split(',');
/** What a disk, a folder or a system may say too: of these one at each step, in turn. */
const inTurn = process.env['STEPS_KINDS'] === undefined ? ['ENOSPC', 'EROFS', 'EACCES', 'EIO', 'EMFILE'] : [];
/** STEPS_ONLY names the numbers of calls, such as those of a find. */
const only = process.env['STEPS_ONLY']?.split(',').map(Number);
/** Runs at the same time. */
const atOnce = 2;

/**
 * Interrupts a command at the steps of its calls, and returns what is wrong afterwards.
 *
 * @param calls lines of `fault.mjs`, of a run without a fault
 * @param tryFault undefined if all is well
 */
export async function findsOf(
  title: string,
  calls: readonly string[],
  tryFault: (fault: Fault) => Promise<object | undefined>,
): Promise<object[]> {
  const steps = stepsOf(calls);
  const faults = steps.flatMap((at, i) => kindsOf(calls[at - 1] ?? '', i).map((kind) => ({ at, kind })));
  const summary = `${title}: ${calls.length} calls, ${steps.length} steps, ${faults.length} faults`;
  console.log(summary);
  const finds: object[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let fault = faults.shift(); fault !== undefined; fault = faults.shift()) {
        const problem = await tryFault(fault);
        if (problem === undefined) continue;
        const find = { ...fault, ...problem };
        finds.push(find);
        console.log(JSON.stringify(find));
      }
    }),
  );
  console.log(`${summary}, ${finds.length} finds`);
  return finds;
}

/**
 * The numbers of the calls at which a command is interrupted: of calls with the same name in folders that differ in numbers alone, the
 * first and the last. A call that gives a file its name counts with this name.
 */
function stepsOf(calls: readonly string[]): number[] {
  if (only !== undefined) return only;
  const ends = new Map<string, { first: number; last: number }>();
  for (const [i, call] of calls.entries()) {
    const [, name = '', file = ''] = /^\d+ (\S+) (.*)/s.exec(call) ?? [];
    const place = /^(rename|link)/.test(name) ? file : path.dirname(file);
    const alike = `${name} ${place.replaceAll(/[\da-f]{4,}(-[\da-f]{4,})*|\d+/g, '#')}`;
    ends.set(alike, { first: ends.get(alike)?.first ?? i + 1, last: i + 1 });
  }
  return [...new Set([...ends.values()].flatMap(({ first, last }) => [first, last]))].sort((a, b) => a - b);
}

/** Only calls that write or remove several things have a middle. */
function kindsOf(call: string, step: number): string[] {
  const hasMiddle = /^\d+ (write|append|rm |rmSync|cp)/.test(call);
  const one = inTurn[step % inTurn.length];
  return [...kinds.filter((kind) => kind !== 'half' || hasMiddle), ...(one === undefined ? [] : [one])];
}
