import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeaseClaims } from '../../../src/runtime/batch/claims/lease-claims.js';
import { linesOf } from '../../../src/runtime/batch/results/merge.js';
import { openSource, openStore, requireShareable } from '../../../src/runtime/batch/places.js';
import { Plan, planRun } from '../../../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../../../src/runtime/batch/plan/units.js';
import { Results } from '../../../src/runtime/batch/results/results.js';
import { parseBucketUrl } from '../../../src/runtime/bucket/url.js';
import { work } from '../../../src/runtime/batch/work/work.js';
import { startBucketServer, type BucketServer } from '../../helpers/bucket-server.js';
import { identity, noEvents, StubReader } from './helpers.js';

const planning = { counting: { pages: undefined }, events: { planned: () => undefined } };
const place = 's3://scans/out';

let server: BucketServer;

beforeAll(async () => {
  server = await startBucketServer();
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

beforeEach(() => {
  server.objects.clear();
  server.ignoresConditions = false;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

function put(key: string, text: string): void {
  server.objects.set(key, { content: Buffer.from(text), tag: `"${key}-${text}"`, modified: new Date() });
}

describe('a store in a bucket', () => {
  it('reads, lists and removes what was written', async () => {
    const store = await openStore(place);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.write(`results/${name}`, `content of ${name}`);
    await store.write('results/deeper/f', '');
    expect((await store.read('results/d'))?.toString()).toBe('content of d');
    expect(await store.list('results')).toEqual(['a', 'b', 'c', 'd', 'e']);
    await store.remove('results/a');
    await store.remove('results/a');
    expect(await store.read('results/a')).toBeUndefined();
    expect([...server.objects.keys()].every((key) => key.startsWith('out/'))).toBe(true);
  });

  it('lets one of ten creators win', async () => {
    const store = await openStore(place);
    const won = await Promise.all(Array.from({ length: 10 }, (_, i) => store.create('run.json', String(i))));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('is refused for sharing if it ignores conditions, and leaves no probe', async () => {
    await requireShareable(place);
    server.ignoresConditions = true;
    await expect(requireShareable(place)).rejects.toThrow('s3://scans/out ignores conditional writes');
    expect(server.objects.size).toBe(0);
  });
});

describe('leases in a bucket', () => {
  const expire = (): void => {
    for (const object of server.objects.values()) object.modified = new Date(Date.now() - 3_600_000);
  };

  it('have one holder, who can renew and release them', async () => {
    const { leases } = await openStore(place);
    const taken = await Promise.all(Array.from({ length: 10 }, () => leases.take('0000007')));
    const [lease, ...others] = taken.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(await lease?.renew()).toBe(true);
    expect(await leases.held()).toEqual(new Set(['0000007']));
    await lease?.release();
    expect((await leases.take('0000007'))?.losses).toBe(0);
  });

  it('pass to one of ten workers when they are not renewed, by the clock of the store', async () => {
    const { leases } = await openStore(place);
    const first = await leases.take('0000007');
    expire();
    const taken = await Promise.all(Array.from({ length: 10 }, () => leases.take('0000007')));
    const winners = taken.filter((lease) => lease !== undefined);
    expect(winners.map(({ losses }) => losses)).toEqual([1]);
    expect(await first?.renew()).toBe(false);
    await first?.release();
    expect(await winners[0]?.renew()).toBe(true);
  });
});

it('a run reads a bucket into a bucket with two workers', async () => {
  for (let i = 0; i < 70; i++) put(`in/p${String(i).padStart(3, '0')}.png`, String(i));
  put('in/notes.txt', 'no picture');
  put('in/wrong.jpg', '%PDF-1.7 with pages');
  const store = await openStore('s3://scans/in/out');
  const source = await openSource('s3://scans/in', 's3://scans/in/out');
  const run = await planRun(store, source, identity, planning);
  expect(run.pages).toBe(71);
  const results = new Results(store);
  const start = (): Promise<void> => {
    const claims = new LeaseClaims(store, results, { units: unitsOf(run) });
    const parts = { plan: new Plan(store, run), results, claims, source, reader: new StubReader(), events: noEvents };
    return work(parts, new AbortController().signal);
  };
  await Promise.all([start(), start()]);
  const lines = [];
  for await (const line of linesOf(store, run)) lines.push(line.status === 'ok' ? line.result : line.error.message);
  expect(lines.slice(0, 70)).toEqual(Array.from({ length: 70 }, (_, i) => String(i)));
  expect(lines[70]).toContain('in a bucket its name must end with .pdf');
});

it.each(['s3://', 's3://A/b', 's3:///x', 's3://a_b/c'])('the place %s is refused', (url) => {
  expect(() => parseBucketUrl(url, 'The output')).toThrow('expected s3://BUCKET/PREFIX');
});
