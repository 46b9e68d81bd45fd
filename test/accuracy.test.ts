import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scorePage } from '../bench/accuracy/page-score.js';
import { mean, sum } from '../bench/lib/statistics.js';
import { decodeImage } from '../src/runtime/document/decode-image.js';
import { TextSystem } from '../src/runtime/ocr/text-system.js';
import { fixtureBytes } from './helpers/pictures.js';

/** Drawn by `node bench/run.js drawn-sets test/fixtures/sets`: the lines of each page in reading order. */
const sets = JSON.parse(fixtureBytes('sets/sets.json').toString()) as Record<string, Record<string, string[]>>;

/** All lines were right when this was written. Processors that round otherwise may miss one, or one of fifty. */
const mostMissed = (lines: number): number => Math.max(1, Math.floor(lines / 50));

/** 1-NED of the text in its order. The two lines of the stamp upside down come from top to bottom, not as they are read. */
const leastInOrder: Readonly<Record<string, number>> = { 'mixed-directions': 0.92 };

describe.each(['int8', 'f32'] as const)('drawn pages, read in %s', (precision) => {
  let system: TextSystem;
  beforeAll(async () => {
    system = await TextSystem.create({ precision });
  });
  afterAll(() => system.dispose());

  it.each(Object.entries(sets))('of the set %s have their lines right, and in order', async (set, pages) => {
    const missed: string[] = [];
    const scores = [];
    for (const [file, expected] of Object.entries(pages)) {
      const lines = await system.read(await decodeImage(fixtureBytes(`sets/${file}`)));
      const texts = lines.map(({ text }) => text);
      missed.push(...expected.filter((text) => !texts.includes(text)));
      scores.push(
        scorePage(
          { texts, boxes: [] },
          expected.map((text) => ({ text })),
        ),
      );
    }
    const [right, all] = [sum(scores.map(({ lines }) => lines.both)), sum(scores.map(({ lines }) => lines.labelled))];
    expect(right, `missed: ${missed.join(' | ')}`).toBeGreaterThanOrEqual(all - mostMissed(all));
    expect(mean(scores.map(({ similarity }) => similarity))).toBeGreaterThanOrEqual(leastInOrder[set] ?? 0.98);
  });
});
