import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Bucket } from '../../../src/runtime/bucket/bucket.js';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { BucketStore } from '../../../src/runtime/jobs/bucket-store.js';
import { FolderStore } from '../../../src/runtime/jobs/folder-store.js';
import type { JobHints } from '../../../src/runtime/jobs/job-hints.js';
import { Jobs } from '../../../src/runtime/jobs/jobs.js';
import type { Claim, Store } from '../../../src/runtime/jobs/store.js';
import type { PredictAnswer } from '../../../src/runtime/service/contract.js';
import { noTime } from '../../../src/runtime/trace/stage-times.js';
import { startBucketServer, type BucketServer } from '../../helpers/bucket-server.js';
import { temporaryFolder } from '../../helpers/home.js';
import { untilFound } from '../../helpers/until-found.js';

/* Servers that share a store. A test decides when the work on a job ends, and how. */

let bucketServer: BucketServer;

beforeAll(async () => {
  bucketServer = await startBucketServer();
  process.env['AWS_ENDPOINT_URL_S3'] = bucketServer.url;
  process.env['AWS_ACCESS_KEY_ID'] = 'key';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
});

afterAll(async () => {
  for (const name of ['AWS_ENDPOINT_URL_S3', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    Reflect.deleteProperty(process.env, name);
  await bucketServer.close();
});

beforeEach(() => {
  bucketServer.objects.clear();
  bucketServer.isAway = false;
  bucketServer.hasOwnTags = false;
  // Searches begin when a test says so, and claims are renewed when it says so.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const limits = { keepMs: 3_600_000, maxItems: 1000, maxBytes: 1e6 };

interface Place {
  open(): Promise<Store>;
  /** Makes a part older than a claim may be. */
  age(id: string, part: string): Promise<void>;
}

async function folderPlace(): Promise<Place> {
  const root = path.join(await temporaryFolder(), 'jobs');
  return {
    open: () => Promise.resolve(new FolderStore(root, limits)),
    age: async (id, part) => {
      const then = new Date(Date.now() - 60_000);
      await utimes(path.join(root, id, part), then, then);
    },
  };
}

function bucketPlace(): Promise<Place> {
  return Promise.resolve({
    open: async () => new BucketStore(await Bucket.open({ bucket: 'shared', prefix: 'jobs/' }), limits),
    age: (id, part) => {
      const object = bucketServer.objects.get(`jobs/${id}/${part}`);
      if (object === undefined) throw new Error(`no ${id}/${part}`);
      object.modified = new Date(Date.now() - 60_000);
      return Promise.resolve();
    },
  });
}

/** A server with a store, on which one job is in work at a time. */
interface Machine {
  readonly store: Store;
  readonly jobs: Jobs;
  /** How often the work on a job began. */
  begun(): number;
  /** Ends the oldest work that has begun. */
  end(how: 'done' | Error): void;
  submit(): Promise<string>;
  /** What a client of this server is told. */
  told(id: string): Promise<string>;
}

const answer: PredictAnswer = {
  results: { kind: 'entries', entries: [], nested: false },
  files: [null],
  unreadable: [],
  queueMs: 0,
  stages: noTime(),
};

/** @param change of the store, as this server has it */
async function startMachine(place: Place, change = (store: Store): Store => store, hints?: JobHints): Promise<Machine> {
  const store = change(await place.open());
  const works: ((how: 'done' | Error) => void)[] = [];
  let begun = 0;
  const service = {
    has: () => true,
    observe: () => undefined,
    predict: (_: unknown, signal: AbortSignal) =>
      new Promise<PredictAnswer>((resolve, reject) => {
        begun++;
        signal.addEventListener('abort', () => reject(new OcrHubError('client_gone', {})));
        works.push((how) => (how === 'done' ? resolve(answer) : reject(how)));
      }),
  };
  const jobs = new Jobs(store, service, { port: 1, isShared: true, processes: 1, hints });
  onTestFinished(() => jobs.stop());
  return {
    store,
    jobs,
    begun: () => begun,
    end: (how) => works.shift()?.(how),
    submit: () => jobs.submit({ work: request, requestId: 'r', token: undefined, protocol: 'azure', data: null }),
    told: async (id) => {
      const { state, error } = await jobs.find(id, 'azure');
      return error === undefined ? state : `${state}: ${error.code}`;
    },
  };
}

const request = { route: 'x', files: [{ name: 'a.png', bytes: Buffer.from('x') }], fields: {}, reading: {} } as never;

/** The calls of a store that fail now, and how many failed. */
class Outage {
  readonly away = new Set<string>();
  failures = 0;

  /** The store as a server has it that cannot always reach it. */
  of = (store: Store): Store => ({
    add: (...given) => store.add(...given),
    state: (...given) => this.#unlessAway('state', () => store.state(...given)),
    read: (...given) => this.#unlessAway('read', () => store.read(...given)),
    write: (...given) => this.#unlessAway('write', () => store.write(...given)),
    writeNew: (...given) => this.#unlessAway('writeNew', () => store.writeNew(...given)),
    drop: (...given) => store.drop(...given),
    remove: (...given) => store.remove(...given),
    list: (...given) => store.list(...given),
    states: (...given) => this.#unlessAway('states', () => store.states(...given)),
    sweep: () => store.sweep(),
    claim: (...given) => this.#unlessAway('claim', async () => this.#claimOf(await store.claim(...given))),
  });

  #claimOf(claim: Claim | undefined): Claim | undefined {
    return (
      claim && {
        renew: () => claim.renew(),
        giveBack: () => this.#unlessAway('giveBack', () => claim.giveBack()),
      }
    );
  }

  #unlessAway<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (!this.away.has(name)) return call();
    this.failures++;
    const code = ['state', 'read'].includes(name) ? 'jobs_unreadable' : 'jobs_unwritable';
    return Promise.reject(new OcrHubError(code, { problem: 'away' }));
  }
}

/** Waits until it is so. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await untilFound(async () => {
    if (await isSo()) return true;
    await sleep(20);
    return undefined;
  });
}

/** Time enough for what must not happen. */
const moment = (): Promise<void> => sleep(300);

/** Waits until a server tells it, and searches the store as time goes by. */
async function untilTold(machine: Machine, id: string, text: string): Promise<void> {
  await until(async () => (await machine.told(id)) === text);
}

describe.each([
  ['a folder', folderPlace],
  ['a bucket', bucketPlace],
] as const)('servers that share %s', (_, makePlace) => {
  let place: Place;

  beforeEach(async () => {
    place = await makePlace();
  });

  it('leave a result as it is when a server that was busy comes to the job afterwards', async () => {
    const [first, second] = [await startMachine(place), await startMachine(place)];
    await first.submit();
    await until(() => first.begun() === 1);
    const id = await first.submit();
    // Two servers were killed at it.
    for (const claim of ['claim-1', 'claim-2']) {
      await second.store.claim(id);
      await place.age(id, claim);
    }
    second.jobs.start();
    await until(() => second.begun() === 1);
    second.end('done');
    await untilTold(second, id, 'done');
    first.end('done');
    await first.jobs.idle();
    await moment();
    expect([await first.told(id), await second.told(id)]).toEqual(['done', 'done']);
  });

  it('do not give a job up on which the last server that may is at work', async () => {
    const [first, second] = [await startMachine(place), await startMachine(place)];
    await first.submit();
    await until(() => first.begun() === 1);
    const id = await first.submit();
    for (const claim of ['claim-1', 'claim-2']) {
      await second.store.claim(id);
      await place.age(id, claim);
    }
    second.jobs.start();
    await until(() => second.begun() === 1);
    first.end('done');
    await moment();
    expect([await first.told(id), await second.told(id)]).toEqual(['running', 'running']);
    second.end('done');
    await untilTold(first, id, 'done');
  });

  it('keep the result of one of them when another one fails, in whatever order', async () => {
    for (const isFailedFirst of [false, true]) {
      const [first, second] = [await startMachine(place), await startMachine(place)];
      const id = await first.submit();
      await until(() => first.begun() === 1);
      await place.age(id, 'claim-1');
      second.jobs.start();
      await until(() => second.begun() === 1);
      const failing = new OcrHubError('deadline_missed', { seconds: 1 });
      if (isFailedFirst) {
        second.end(failing);
        await untilTold(first, id, 'failed: deadline_missed');
        first.end('done');
      } else {
        first.end('done');
        await untilTold(second, id, 'done');
        second.end(failing);
      }
      await Promise.all([first.jobs.idle(), second.jobs.idle()]);
      expect([await first.told(id), await second.told(id)]).toEqual(['done', 'done']);
      await first.jobs.remove(id, 'azure');
    }
  });

  it('give a job up when the servers of all its claims were killed', async () => {
    const machine = await startMachine(place);
    const busy = await machine.submit();
    await until(() => machine.begun() === 1);
    const id = await machine.submit();
    for (const claim of ['claim-1', 'claim-2', 'claim-3', 'claim-4', 'claim-5']) {
      await machine.store.claim(id);
      await place.age(id, claim);
    }
    machine.end('done');
    await untilTold(machine, busy, 'done');
    await until(async () => (await machine.store.state(id))?.finishedAt !== undefined);
    expect([await machine.told(id), machine.begun()]).toEqual(['failed: job_interrupted', 1]);
  });

  const outages = ['state', 'read', 'claim', 'write', 'writeNew'];

  it.each(outages)('do a job that one of them could not do while its calls of %s failed', async (call) => {
    const outage = new Outage();
    const [first, second] = [await startMachine(place, outage.of), await startMachine(place)];
    outage.away.add(call);
    const id = await first.submit();
    if (call.startsWith('write')) {
      await until(() => first.begun() === 1);
      first.end(call === 'write' ? 'done' : new Error('a failure of the job'));
    }
    await first.jobs.idle();
    expect(outage.failures).toBeGreaterThan(0);
    outage.away.clear();
    expect([await first.told(id), await second.told(id)]).toEqual(['waiting', 'waiting']);
    second.jobs.start();
    await until(() => second.begun() === 1);
    expect([await first.told(id), await second.told(id)]).toEqual(['running', 'running']);
    second.end('done');
    await untilTold(second, id, 'done');
    expect(await first.told(id)).toBe('done');
  });

  it.each(outages)('do a job themselves after their calls of %s failed', async (call) => {
    const outage = new Outage();
    const machine = await startMachine(place, outage.of);
    outage.away.add(call);
    machine.jobs.start();
    const id = await machine.submit();
    const before = call.startsWith('write') ? 1 : 0;
    if (before === 1) {
      await until(() => machine.begun() === 1);
      machine.end(call === 'write' ? 'done' : new Error('a failure of the job'));
    }
    await machine.jobs.idle();
    outage.away.clear();
    await until(() => {
      vi.advanceTimersByTime(5000);
      return machine.begun() === before + 1;
    });
    machine.end('done');
    await untilTold(machine, id, 'done');
  });

  it('do a job whose first claim was given back after a later one', async () => {
    const machine = await startMachine(place);
    const { store, jobs } = machine;
    await machine.submit();
    await until(() => machine.begun() === 1);
    const id = await machine.submit();
    const stalled = await store.claim(id);
    await place.age(id, 'claim-1');
    await store.claim(id);
    await stalled?.giveBack();
    await place.age(id, 'claim-2');
    expect(await store.state(id)).toMatchObject({ claims: 1, isClaimed: false });
    machine.end('done');
    await until(() => machine.begun() === 2);
    machine.end('done');
    await jobs.idle();
    expect(await machine.told(id)).toBe('done');
  });

  it('end the work on a job that another one removed', async () => {
    const [first, second] = [await startMachine(place), await startMachine(place)];
    const id = await first.submit();
    await until(() => first.begun() === 1);
    await second.jobs.remove(id, 'azure');
    vi.advanceTimersByTime(3000);
    await first.jobs.idle();
    await expect(first.told(id)).rejects.toMatchObject({ code: 'job_unknown' });
  });

  it('have no job that was finished when one of them removed it', async () => {
    const [first, second] = [await startMachine(place), await startMachine(place)];
    const id = await first.submit();
    await until(() => first.begun() === 1);
    first.end('done');
    await untilTold(first, id, 'done');
    await second.jobs.remove(id, 'azure');
    for (const { jobs } of [first, second]) {
      await expect(jobs.find(id, 'azure')).rejects.toMatchObject({ code: 'job_unknown' });
      await expect(jobs.answerOf(id, 'azure')).rejects.toMatchObject({ code: 'job_unknown' });
      expect(await jobs.findAll({ protocol: 'azure', token: undefined }, () => true)).toEqual([]);
    }
  });

  it('begin no search of the store while the last one is at work', async () => {
    let [searches, atWork, most] = [0, 0, 0];
    let release = (): void => undefined;
    const machine = await startMachine(place, (store) => ({
      ...new Outage().of(store),
      states: async (kind) => {
        searches++;
        most = Math.max(most, ++atWork);
        await new Promise<void>((resolve) => (release = resolve));
        atWork--;
        return store.states(kind);
      },
    }));
    machine.jobs.start();
    for (let i = 0; i < 5; i++) vi.advanceTimersByTime(5000);
    expect(searches).toBe(1);
    release();
    await until(() => {
      vi.advanceTimersByTime(5000);
      return searches === 2;
    });
    expect(most).toBe(1);
    release();
  });

  it('give a claim back when the store is there again', async () => {
    const outage = new Outage();
    const machine = await startMachine(place, outage.of);
    const id = await machine.submit();
    await until(() => machine.begun() === 1);
    for (const call of ['write', 'giveBack']) outage.away.add(call);
    machine.end('done');
    await machine.jobs.idle();
    expect(await machine.told(id)).toBe('running');
    outage.away.clear();
    await untilTold(machine, id, 'waiting');
    expect(await machine.store.state(id)).toMatchObject({ claims: 0 });
  }, 20_000);
});

it('servers that share a bucket do a job that was in work while the bucket was away', async () => {
  const place = await bucketPlace();
  const [first, second] = [await startMachine(place), await startMachine(place)];
  const id = await first.submit();
  await until(() => first.begun() === 1);
  bucketServer.isAway = true;
  first.end('done');
  await first.jobs.idle();
  await expect(first.told(id)).rejects.toMatchObject({ code: 'jobs_unreadable' });
  bucketServer.isAway = false;
  await place.age(id, 'claim-1');
  second.jobs.start();
  await until(() => second.begun() === 1);
  second.end('done');
  await untilTold(first, id, 'done');
  expect(await second.told(id)).toBe('done');
}, 60_000);

const met = (condition: () => boolean): Promise<true> =>
  untilFound(() => Promise.resolve(condition() ? true : undefined));

/** The hints of all servers, in memory. */
class MemoryHints {
  readonly told: string[] = [];
  readonly #waiting: ((id: string | undefined) => void)[] = [];

  of = (): JobHints => ({
    add: (id) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.told.push(id);
      else next(id);
    },
    next: () => {
      const id = this.told.shift();
      return id === undefined ? new Promise((resolve) => void this.#waiting.push(resolve)) : Promise.resolve(id);
    },
    close: () => {
      for (const end of this.#waiting.splice(0)) end(undefined);
      return Promise.resolve();
    },
  });
}

describe('servers with a queue', () => {
  it('take a job that waits at another one without a search of the store, and do it once', async () => {
    const [place, hints] = [await folderPlace(), new MemoryHints()];
    const [busy, idle] = [
      await startMachine(place, undefined, hints.of()),
      await startMachine(place, undefined, hints.of()),
    ];
    for (const { jobs } of [busy, idle]) jobs.start();
    const first = await busy.submit();
    await met(() => busy.begun() === 1);
    const second = await busy.submit();
    await met(() => idle.begun() === 1);
    expect(await busy.told(second)).toBe('running');
    idle.end('done');
    await untilFound(async () => ((await busy.told(second)) === 'done' ? true : undefined));
    busy.end('done');
    await untilFound(async () => ((await idle.told(first)) === 'done' ? true : undefined));
    expect([busy.begun(), idle.begun(), hints.told]).toEqual([1, 1, []]);
  });

  it('drop a hint of a job that was done, or removed, or never was', async () => {
    const [place, hints] = [await folderPlace(), new MemoryHints()];
    const machine = await startMachine(place, undefined, hints.of());
    const done = await machine.submit();
    await met(() => machine.begun() === 1);
    machine.end('done');
    await untilFound(async () => ((await machine.told(done)) === 'done' ? true : undefined));
    hints.told.push(done, `j${'0'.repeat(40)}`);
    machine.jobs.start();
    await met(() => hints.told.length === 0);
    await sleep(200);
    expect([machine.begun(), await machine.told(done)]).toEqual([1, 'done']);
  });

  it('take no hint while there is no room, so that another server gets it', async () => {
    const [place, hints] = [await folderPlace(), new MemoryHints()];
    const machine = await startMachine(place, undefined, hints.of());
    await machine.submit();
    await met(() => machine.begun() === 1);
    machine.jobs.start();
    const waiting = await machine.submit();
    await sleep(200);
    expect(hints.told).toEqual([waiting]);
    machine.end('done');
    await met(() => machine.begun() === 2);
    machine.end('done');
    await untilFound(async () => ((await machine.told(waiting)) === 'done' ? true : undefined));
    expect(machine.begun()).toBe(2);
  });
});
