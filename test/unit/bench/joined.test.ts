import { expect, it } from 'vitest';
import { joined } from '../../../bench/accuracy/joined.js';
import type { AccuracyResult, PictureResult, SystemScore } from '../../../bench/accuracy/result.js';
import { scoreOf } from '../../../bench/accuracy/tables.js';

const machine = {
  date: '2026-12-01',
  cores: 2,
  cpu: 'a processor',
  vectors: 'AVX2',
  memoryGB: 4,
  system: 'a system',
  node: '20',
};

function score(right: number, cpuSeconds?: number): SystemScore {
  const found = { both: right, read: 10, labelled: 10 };
  const all = { words: found, characters: found, lines: found, similarity: right / 10 };
  return cpuSeconds === undefined ? all : { ...all, cpuSeconds };
}

function run(
  pictures: readonly PictureResult[],
  systems: readonly string[],
  missing: AccuracyResult['missing'] = [],
  set = 'pages',
): AccuracyResult {
  const scoring = { units: 'words', lines: true, ordered: true } as const;
  const sets = [{ name: set, about: '', license: '', origin: '', scoring, pictures }];
  return { machine, systems: systems.map((name) => ({ name, isOurs: name === 'ours' })), sets, missing };
}

const choosing = { name: 'one', half: 'choosing' } as const;
const judging = { name: 'two', half: 'judging' } as const;

it('a picture that two runs read has the scores of the newest run for each system', () => {
  const older = run([{ ...choosing, scores: { ours: score(5, 1), theirs: score(6, 2) } }], ['ours', 'theirs']);
  const newest = run([{ ...choosing, scores: { ours: score(8, 3) } }], ['ours']);
  const { sets, systems } = joined(machine, [newest, older]);
  expect(sets).toHaveLength(1);
  expect(sets[0]?.pictures).toEqual([{ ...choosing, scores: { ours: score(8, 3), theirs: score(6) } }]);
  expect(systems.map(({ name }) => name)).toEqual(['ours', 'theirs']);
});

it('pictures and sets that one run alone read are kept with their CPU time', () => {
  const older = run([{ ...judging, scores: { ours: score(7, 1) } }], ['ours']);
  const other = run([{ ...choosing, scores: { ours: score(9, 1) } }], ['ours'], [], 'forms');
  const newest = run([{ ...choosing, scores: { ours: score(8, 3) } }], ['ours']);
  const { sets } = joined(machine, [newest, older, other]);
  expect(sets.map(({ name, pictures }) => [name, pictures.map((picture) => picture.name)])).toEqual([
    ['pages', ['one', 'two']],
    ['forms', ['one']],
  ]);
  expect(sets[0]?.pictures[1]?.scores).toEqual({ ours: score(7, 1) });
});

it('the CPU time of a system is unknown if any of it was measured in another run', () => {
  const older = run([{ ...choosing, scores: { theirs: score(6, 2) } }], ['theirs']);
  const newest = run([{ ...choosing, scores: { ours: score(8, 3) } }], ['ours']);
  const [set] = joined(machine, [newest, older]).sets;
  if (set === undefined) throw new Error('the set is lost');
  expect(scoreOf(set, 'ours', 'choosing')).toMatchObject({ wordF1: 0.8, cpuSeconds: 3 });
  expect(scoreOf(set, 'theirs', 'choosing')).toMatchObject({ wordF1: 0.6, cpuSeconds: NaN });
});

it('what one run could not measure and another did is not missing', () => {
  const none = [
    { name: 'theirs', reason: 'pip failed' },
    { name: 'forms', reason: 'no network' },
  ];
  const newest = run([{ ...choosing, scores: { ours: score(8, 3) } }], ['ours'], none);
  const older = run([{ ...choosing, scores: { theirs: score(6, 2) } }], ['theirs']);
  expect(joined(machine, [newest, older]).missing).toEqual([{ name: 'forms', reason: 'no network' }]);
});
