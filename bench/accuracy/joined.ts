import type { Machine } from '../report/machine.js';
import type { AccuracyResult, PictureResult, SetResult } from './result.js';

/**
 * The sets, pictures and systems of several runs, the newest first. A picture that several runs read has the scores of the newest
 * run for each system. What an older run adds to it lacks the CPU time: systems took no turns, so it cannot be compared.
 */
export function joined(machine: Machine, results: readonly AccuracyResult[]): AccuracyResult {
  const sets = [...grouped(results.flatMap((result) => result.sets)).values()].map(joinedSet);
  const systems = firstOfName(results.flatMap((result) => result.systems));
  const found = new Set([...sets, ...systems].map(({ name }) => name));
  const missing = firstOfName(results.flatMap((result) => result.missing)).filter(({ name }) => !found.has(name));
  return { machine, sets, systems, missing };
}

function joinedSet(runs: [SetResult, ...SetResult[]]): SetResult {
  const pictures = [...grouped(runs.flatMap((run) => run.pictures)).values()];
  return { ...runs[0], pictures: pictures.map(joinedPicture) };
}

function joinedPicture([newest, ...older]: [PictureResult, ...PictureResult[]]): PictureResult {
  const scores = { ...newest.scores };
  for (const [system, { words, characters, lines, similarity }] of older.flatMap((run) => Object.entries(run.scores)))
    scores[system] ??= { words, characters, lines, similarity };
  return { ...newest, scores };
}

interface Named {
  readonly name: string;
}

function grouped<Item extends Named>(all: readonly Item[]): Map<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of all) {
    const group = groups.get(item.name);
    if (group === undefined) groups.set(item.name, [item]);
    else group.push(item);
  }
  return groups;
}

function firstOfName<Item extends Named>(all: readonly Item[]): Item[] {
  return [...grouped(all).values()].map(([first]) => first);
}
