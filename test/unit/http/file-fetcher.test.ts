import { describe, expect, it, vi } from 'vitest';
import { ByteBudget } from '../../../src/runtime/http/body/byte-budget.js';
import { FileFetcher } from '../../../src/runtime/http/file-fetcher.js';
import { startRemote } from '../../helpers/remote-server.js';

vi.mock('../../../src/runtime/remote-files/network.js', async () => {
  const { openNetwork } = await import('../../helpers/remote-server.js');
  return { internet: openNetwork };
});

const block = 64 * 1024;
const noAbort = new AbortController().signal;

function file(size: number): { name: string; bytes: Uint8Array } {
  return { name: '', bytes: new Uint8Array(size) };
}

/** A fetcher whose budget has `blocks`, and a remote server that sends as many bytes as the address says, then waits. */
async function setUp(blocks: number, timeout = 60) {
  const { port } = await startRemote(({ url = '' }, response) => {
    const [size = '', waits] = url.slice(1).split('-');
    response.write(Buffer.alloc(Number(size)));
    if (waits === undefined) response.end();
  });
  const host = `files.example:${port}`;
  const budget = new ByteBudget(blocks * block);
  const options = { allowUrls: [host], maxBody: 1e6, timeout };
  return { fetcher: new FileFetcher(options, budget), budget, base: `http://${host}` };
}

/** Whether all bytes of the budget are free. */
function isFree(budget: ByteBudget): boolean {
  const holder = { giveWay: () => undefined };
  const taken = vi.spyOn(holder, 'giveWay');
  const free = budget.take(holder, budget.size);
  budget.giveBack(holder);
  return free && taken.mock.calls.length === 0;
}

describe('the memory for arriving bodies', () => {
  it('holds the fetched files and is free again after that', async () => {
    const { fetcher, budget, base } = await setUp(4);
    const take = vi.spyOn(budget, 'take');
    const files = await fetcher.withFetched([file(10)], [`${base}/100000`, `${base}/5`], noAbort);
    expect(files.map(({ bytes }) => bytes.length)).toEqual([10, 100_000, 5]);
    expect(take.mock.calls.map(([, bytes]) => bytes).sort()).toEqual([10, block, block, block]);
    expect(isFree(budget)).toBe(true);
  });

  it('counts the pictures that came with the addresses', async () => {
    const { fetcher, budget, base } = await setUp(2);
    const fetching = fetcher.withFetched([file(block + 10)], [`${base}/${block}`], noAbort);
    await expect(fetching).rejects.toMatchObject({ code: 'arrivals_full', httpStatus: 429 });
    expect(isFree(budget)).toBe(true);
  });

  it('is taken from the largest file if it runs out', async () => {
    const { fetcher, budget, base } = await setUp(3);
    const take = vi.spyOn(budget, 'take');
    const large = fetcher.withFetched([], [`${base}/${3 * block}-waits`], noAbort);
    const refused = expect(large).rejects.toMatchObject({ code: 'arrivals_full', httpStatus: 429 });
    await expect.poll(() => take.mock.calls.length).toBe(4);
    const [small] = await fetcher.withFetched([], [`${base}/5`], noAbort);
    expect(small?.bytes).toHaveLength(5);
    await refused;
    expect(isFree(budget)).toBe(true);
  });

  it('is free again after an error', async () => {
    const { fetcher, budget, base } = await setUp(4);
    const fetching = fetcher.withFetched([file(10)], [`${base}/5`, `${base}/1000001`], noAbort);
    await expect(fetching).rejects.toMatchObject({ code: 'arrivals_full' });
    expect(isFree(budget)).toBe(true);
  });
});

it('files arrive within the time of a request if that is less than 20 s', async () => {
  const { fetcher, base } = await setUp(4, 0.1);
  const fetching = fetcher.withFetched([], [`${base}/5-waits`], noAbort);
  await expect(fetching).rejects.toMatchObject({ code: 'urls_too_slow', details: { seconds: 0.1 } });
});

it('a client that goes away ends the fetch', async () => {
  const { fetcher, budget, base } = await setUp(4);
  const client = new AbortController();
  const take = vi.spyOn(budget, 'take');
  const fetching = expect(fetcher.withFetched([], [`${base}/5-waits`], client.signal)).rejects.toMatchObject({
    code: 'client_gone',
  });
  await expect.poll(() => take.mock.calls.length).toBe(2);
  client.abort();
  await fetching;
  expect(isFree(budget)).toBe(true);
});
