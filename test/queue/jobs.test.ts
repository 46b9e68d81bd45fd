import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parseQueueUrl } from '../../src/runtime/broker/queue-place.js';
import { FolderStore } from '../../src/runtime/jobs/folder-store.js';
import { Jobs } from '../../src/runtime/jobs/jobs.js';
import { QueueHints } from '../../src/runtime/jobs/queue-hints.js';
import type { PredictAnswer } from '../../src/runtime/service/contract.js';
import { noTime } from '../../src/runtime/trace/stage-times.js';
import { sharedHome, temporaryFolder } from '../helpers/home.js';
import { untilFound } from '../helpers/until-found.js';
import { brokers, type TestBroker } from './brokers.js';

const answer: PredictAnswer = {
  results: { kind: 'entries', entries: [], nested: false },
  files: [null],
  unreadable: [],
  queueMs: 0,
  stages: noTime(),
};

const request = { route: 'x', files: [{ name: 'a.png', bytes: Buffer.from('x') }], fields: {}, reading: {} } as never;

const met = (condition: () => boolean): Promise<true> =>
  untilFound(() => Promise.resolve(condition() ? true : undefined));

interface Machine {
  readonly jobs: Jobs;
  begun(): number;
  end(): void;
  submit(): Promise<string>;
  stateOf(id: string): Promise<string>;
  /** Whether it finds jobs by searches of the store, as without a queue. */
  finds: boolean;
  /** What it said of the queue. */
  readonly told: (string | undefined)[];
}

describe.runIf(process.env['TEST_QUEUE'] !== undefined).each(['redis', 'postgres'] as const)(
  'jobs of servers that share a store and %s (npm run test:queue)',
  (name) => {
    const make = brokers[name];
    let broker: TestBroker;
    let root: string;
    let queues = 0;

    beforeAll(async () => {
      if (make !== undefined) broker = await make(await sharedHome());
    });

    beforeEach(async () => {
      await broker.start();
      root = path.join(await temporaryFolder(), 'jobs');
      queues++;
    });

    afterEach(() => broker.kill());

    async function startMachine(finds: boolean): Promise<Machine> {
      const whole = new FolderStore(root, { keepMs: 3_600_000, maxItems: 1000, maxBytes: 1e6 });
      const store = new Proxy(whole, {
        get: (target, key): unknown => {
          if (key === 'states' && !machine.finds) return () => Promise.resolve(new Map());
          const value: unknown = Reflect.get(target, key);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const told: (string | undefined)[] = [];
      const place = parseQueueUrl(`${broker.url}?queue=jobs${queues}`);
      const hints = await QueueHints.open(place, (problem) => told.push(problem));
      const ends: (() => void)[] = [];
      let begun = 0;
      const service = {
        has: () => true,
        observe: () => undefined,
        predict: () => {
          begun++;
          return new Promise<PredictAnswer>((resolve) => ends.push(() => resolve(answer)));
        },
      };
      const jobs = new Jobs(store, service, { port: 1, isShared: true, processes: 1, hints });
      onTestFinished(() => jobs.stop());
      const machine: Machine = {
        jobs,
        finds,
        told,
        begun: () => begun,
        end: () => ends.shift()?.(),
        submit: () => jobs.submit({ work: request, requestId: 'r', token: undefined, protocol: 'azure', data: null }),
        stateOf: async (id) => (await jobs.find(id, 'azure')).state,
      };
      jobs.start();
      return machine;
    }

    describe.skipIf(make === undefined)(make === undefined ? 'which is not installed' : 'with the queue', () => {
      it('a job that waits at a busy server goes to an idle one, which does not search the store', async () => {
        const [busy, idle] = [await startMachine(false), await startMachine(false)];
        const first = await busy.submit();
        await met(() => busy.begun() === 1);
        const second = await busy.submit();
        const third = await busy.submit();
        await met(() => idle.begun() === 1);
        // Oldest first, and the third waits for whoever has room.
        expect([await idle.stateOf(second), await idle.stateOf(third)]).toEqual(['running', 'waiting']);
        idle.end();
        await met(() => idle.begun() === 2);
        idle.end();
        busy.end();
        for (const id of [first, second, third])
          await untilFound(async () => ((await idle.stateOf(id)) === 'done' ? true : undefined));
        expect([busy.begun(), idle.begun()]).toEqual([1, 2]);
      });

      it('jobs are done without the broker, by searches of the store, and through it when it is back', async () => {
        const [busy, idle] = [await startMachine(true), await startMachine(true)];
        await busy.submit();
        await met(() => busy.begun() === 1);
        await busy.submit();
        await met(() => idle.begun() === 1);
        for (const machine of [busy, idle]) machine.end();
        await broker.kill();
        const first = await busy.submit();
        await met(() => busy.begun() + idle.begun() === 3);
        const second = await busy.submit();
        await met(() => busy.begun() === 2 && idle.begun() === 2);
        for (const machine of [busy, idle]) machine.end();
        for (const id of [first, second])
          await untilFound(async () => ((await idle.stateOf(id)) === 'done' ? true : undefined));
        await met(() => busy.told.length > 0 && idle.told.length > 0);

        await broker.start();
        for (const { told } of [busy, idle]) await met(() => told.at(-1) === undefined);
        for (const machine of [busy, idle]) machine.finds = false;
        await busy.submit();
        await met(() => busy.begun() === 3);
        await busy.submit();
        await met(() => idle.begun() === 3);
      });
    });
  },
);
