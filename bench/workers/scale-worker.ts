/** A worker of a queue, or of leases, with a reader that computes nothing. Its settings are JSON in SCALE_WORKER. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseClaims } from '../../src/runtime/batch/claims/lease-claims.js';
import { Broker, QueueWorker, type OpenRuns } from '../../src/runtime/batch/queue/index.js';
import { parseQueueUrl } from '../../src/runtime/broker/queue-place.js';
import { openStore } from '../../src/runtime/batch/places.js';
import { Plan } from '../../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../../src/runtime/batch/plan/units.js';
import { openRun } from '../../src/runtime/batch/plan/run.js';
import { Results } from '../../src/runtime/batch/results/results.js';
import { PatientStore } from '../../src/runtime/batch/store/patient-store.js';
import { work } from '../../src/runtime/batch/work/work.js';
import { HeadThenPutClaims } from '../scale/head-then-put-claims.js';
import { StubReader, StubSource } from '../scale/stub.js';

export interface ScaleWorkerSettings {
  readonly store: string;
  /** Leases without it. */
  readonly queue?: string;
  readonly lockMs?: number;
  readonly leaseMs?: number;
  readonly pageMs: number;
  readonly parallel: number;
  /** The file that ends the process. */
  readonly poison?: string;
  /** A line for each page that was read, in a file of all workers. */
  readonly readLog?: string;
  /** Without a queue: leases, or the pattern that they are compared with. */
  readonly claims?: string;
}

const settings = JSON.parse(process.env['SCALE_WORKER'] ?? '') as ScaleWorkerSettings;
const { store: place, queue, lockMs, leaseMs, pageMs, parallel, poison, readLog } = settings;

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const outages = { outageBegan: () => undefined, outageEnded: () => undefined };
const direct = await openStore(place, leaseMs === undefined ? {} : { leaseMs });
const store = new PatientStore(direct, outages, stop.signal);
let run = await openRun(store).catch(() => undefined);
while (run === undefined) {
  await sleep(200);
  run = await openRun(store).catch(() => undefined);
}
const results = new Results(store);
const source = new StubSource(run.pages);
const reader = new StubReader({ parallel, pageMs, poison, readLog });
const plan = new Plan(store, run);
const done = { units: 0, pages: 0, lost: 0 };
const events = {
  pageDone: () => {
    done.pages++;
  },
  unitDone: () => {
    done.units++;
  },
  unitLost: () => {
    done.lost++;
  },
  sourceAway: () => undefined,
  sourceBack: () => undefined,
  brokerAway: () => undefined,
  runUnreadable: () => undefined,
  runGone: () => undefined,
  unitBegan: () => undefined,
  unitEnded: () => undefined,
};

if (queue === undefined) {
  const units = unitsOf(run);
  const claims =
    settings.claims === 'head-then-put'
      ? new HeadThenPutClaims(store, results, units, leaseMs ?? 1_800_000)
      : new LeaseClaims(store, results, { units, ...(leaseMs === undefined ? {} : { leaseMs }) });
  await work({ plan, results, claims, source, reader, events }, stop.signal);
} else {
  const opened = { run, plan, results, source };
  const runs: Pick<OpenRuns, 'open'> = { open: () => Promise.resolve(opened) };
  const broker = await Broker.load(parseQueueUrl(queue), lockMs === undefined ? {} : { lockMs });
  const worker = new QueueWorker(broker, { runs, startReader: () => Promise.resolve(reader), events });
  await worker.run({ drain: stop.signal, stop: stop.signal });
}
const { user, system } = process.cpuUsage();
process.send?.({ ...done, cpuSeconds: (user + system) / 1e6 });
process.exit(0);
