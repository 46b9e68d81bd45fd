import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { unitPagesFor, unitsOf } from '../../src/runtime/batch/plan/units.js';
import type { ResultLine } from '../../src/runtime/batch/results/result-line.js';
import { startBucketServer } from '../helpers/bucket-server.js';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { packageFiles, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { until } from '../helpers/server.js';
import { brokers, type TestBroker } from './brokers.js';

const fixture = (name: string): string => path.join(root, 'test', 'fixtures', name);

/** 440 pixels wide: kills the process that reads it. */
const killsReader = fixture('line.png');
/** Kills the worker whose process reads it. */
const killsWorker = fixture('pixel.png');

/** Answers the width of a picture after 15 ms. */
const module = `import { defineModule } from 'ocrhub';
const region = [[0, 0], [9, 0], [9, 9], [0, 9]];
export default defineModule({
  name: 'slow',
  version: '1.0.0',
  entries: { empty: [], nested: false },
  predict: async ({ images }) => {
    await new Promise((resolve) => setTimeout(resolve, 15));
    for (const { width } of images) {
      if (width === 440) process.kill(process.pid, 'SIGKILL');
      if (width === 1) process.kill(process.ppid, 'SIGKILL');
    }
    return images.map(({ width }) => [{ text: 'width ' + width, confidence: 1, text_region: region }]);
  },
});
`;

describe.runIf(process.env['TEST_QUEUE'] !== undefined).each(['redis', 'postgres'] as const)(
  'units through %s (npm run test:queue)',
  (name) => {
    const make = brokers[name];
    let home: string;
    let broker: TestBroker;
    let folder: string;
    let scans: string;
    let out: string;
    let queue: string;
    let runs = 0;
    const processes = new Set<ChildProcess>();

    beforeAll(async () => {
      home = await sharedHome();
      const source = await writeFiles(path.join(home, 'source'), packageFiles(module));
      const { code, stderr } = await ocrhub(home, ['install', source]);
      expect([code, stderr]).toEqual([0, '']);
      if (make !== undefined) broker = await make(await sharedHome());
    });

    beforeEach(async () => {
      await broker.start();
      folder = await temporaryFolder();
      scans = path.join(folder, 'scans');
      out = path.join(folder, 'out');
      queue = `${broker.url}?queue=run${runs++}`;
    });

    afterEach(async () => {
      for (const child of processes) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      processes.clear();
      await broker.kill();
    });

    afterAll(() => removeHome(home));

    async function pictures(count: number, others: Readonly<Record<number, string>> = {}): Promise<string[]> {
      await mkdir(scans, { recursive: true });
      const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(4, '0')}.png`);
      for (const [i, file] of names.entries()) await cp(others[i] ?? fixture('tiny.png'), path.join(scans, file));
      return names;
    }

    function start(
      args: readonly string[],
      env: NodeJS.ProcessEnv = {},
    ): ChildProcessByStdio<null, Readable, Readable> {
      const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
        env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      processes.add(child);
      child.stdout.resume();
      child.stderr.resume();
      return child;
    }

    const startWorker = (...flags: string[]): ChildProcess =>
      start([
        'worker',
        '--queue',
        queue,
        '--workers',
        '1',
        ...(flags.includes('--lock') ? [] : ['--lock', '5']),
        ...flags,
      ]);
    const startBatch = (...flags: string[]): ChildProcess =>
      start(['batch', scans, out, '-m', 'slow', '--queue', queue, ...flags]);
    const endOf = async (child: ChildProcess): Promise<unknown> =>
      child.exitCode ?? child.signalCode ?? ((await once(child, 'close')) as unknown[])[0];
    const results = (): Promise<string[]> => readdir(path.join(out, 'results')).catch(() => []);
    const untilResults = (count: number): Promise<string[]> =>
      until(`${count} results`, results, (found) => found.length >= count, 90);

    const unitsIn = ({ length: pages }: readonly string[]): number =>
      unitsOf({ pages, unitPages: unitPagesFor(pages) });

    /** A run as an older version planned it: all units have 32 pages. */
    async function planInLargeUnits(): Promise<void> {
      expect(await endOf(startBatch('--detach'))).toBe(0);
      const file = path.join(out, 'run.json');
      const { unitPages, ...run } = JSON.parse(await readFile(file, 'utf8')) as { unitPages?: number };
      expect(unitPages).toBe(2);
      await writeFile(file, JSON.stringify(run));
      broker.forget();
    }

    /** Plan minus results is empty, results minus plan is empty, and no page is there twice. */
    async function judge(names: readonly string[]): Promise<ResultLine[]> {
      const { code, stdout, stderr } = await ocrhub(home, ['batch', 'merge', out]);
      expect([code, stderr]).toEqual([0, '']);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as ResultLine);
      expect(lines.map(({ src }) => src)).toEqual(names);
      return lines;
    }

    describe.skipIf(make === undefined)(make === undefined ? 'which is not installed' : 'with workers', () => {
      it('workers killed at random, and a broker that is killed meanwhile, leave one line for each page', async () => {
        const names = await pictures(32 * 16);
        const workers = [startWorker(), startWorker(), startWorker()];
        const batch = startBatch();
        await untilResults(1);
        for (let kills = 0; kills < 6; kills++) {
          await sleep(1500);
          const victim = kills % workers.length;
          workers[victim]?.kill('SIGKILL');
          workers[victim] = startWorker();
          if (kills !== 3) continue;
          await broker.kill();
          await sleep(3000);
          await broker.start();
        }
        expect(await endOf(batch)).toBe(0);
        const lines = await judge(names);
        expect(lines.every(({ status }) => status === 'ok')).toBe(true);
      });

      it('a worker that was stopped for longer than its lock gives way, and its unit has one result', async () => {
        const names = await pictures(32 * 8);
        const sleeper = startWorker();
        const batch = startBatch();
        await untilResults(1);
        sleeper.kill('SIGSTOP');
        startWorker();
        await untilResults(unitsIn(names));
        sleeper.kill('SIGCONT');
        expect(await endOf(batch)).toBe(0);
        await sleep(2000);
        await judge(names);
        expect(await results()).toHaveLength(unitsIn(names));
      });

      it('what the broker forgets is put in again by the batch that watches, and by the next one', async () => {
        const names = await pictures(32 * 12);
        const batch = startBatch();
        const worker = startWorker();
        await untilResults(2);
        broker.forget();
        expect(await endOf(batch)).toBe(0);
        await judge(names);

        worker.kill('SIGKILL');
        out = path.join(folder, 'second');
        expect(await endOf(startBatch('--detach'))).toBe(0);
        broker.forget();
        startWorker();
        expect(await endOf(startBatch())).toBe(0);
        await judge(names);
      });

      it('two planners at once make one run', async () => {
        const names = await pictures(32 * 4);
        const batches = [startBatch(), startBatch()];
        startWorker();
        expect(await Promise.all(batches.map(endOf))).toEqual([0, 0]);
        await judge(names);
        const plans = (await readdir(out, { recursive: true })).filter((entry) => /^plan-.*jsonl$/.test(entry));
        expect(plans).toHaveLength(1);
      });

      it('SIGTERM finishes a unit within its grace, or gives it back with what was read', async () => {
        const names = await pictures(32 * 6);
        await planInLargeUnits();
        const batch = startBatch();
        const patient = startWorker();
        await untilResults(1);
        patient.kill('SIGTERM');
        expect(await endOf(patient)).toBe(0);
        const finished = await results();
        expect(await readdir(path.join(out, 'kept')).catch(() => [])).toEqual([]);

        const hasty = startWorker('--grace', '0');
        await untilResults(finished.length + 1);
        // Into the next unit.
        await sleep(200);
        hasty.kill('SIGTERM');
        expect(await endOf(hasty)).toBe(0);
        expect(await readdir(path.join(out, 'kept'))).not.toEqual([]);
        // A unit that was not given back would stay locked; this worker finds it at once.
        startWorker('--lock', '600');
        expect(await endOf(batch)).toBe(0);
        await judge(names);
      });

      it('a page that kills processes is an error line, and a page that kills workers too; their neighbors are read', async () => {
        const names = await pictures(40, { 3: killsReader, 35: killsWorker });
        const batch = startBatch();
        const ended = endOf(batch);
        while (batch.exitCode === null) await Promise.race([endOf(startWorker()), ended]);
        expect(await ended).toBe(5);
        const lines = await judge(names);
        const failed = lines.filter(({ status }) => status === 'error');
        expect(failed).toMatchObject([
          { src: '0003.png', error: { code: 'process_died' } },
          { src: '0035.png', error: { code: 'process_died', message: '3 workers ended while they read this page' } },
        ]);
      });

      it('a store and a broker that are away hold the work, and the worker is not ready meanwhile', async () => {
        const names = await pictures(32 * 8);
        const port = await freePort();
        const batch = startBatch();
        startWorker('--health_port', String(port));
        await untilResults(2);
        const ready = async (): Promise<number> =>
          (await send(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ http: 0 }))).http;
        expect(await ready()).toBe(200);
        const away = path.join(folder, 'away');
        await rename(out, away);
        // The mount point of a share that is away is an empty folder.
        await mkdir(out);
        await until('the worker is not ready', ready, (status) => status === 503);
        expect(await readdir(out)).toEqual([]);
        await rename(away, out);
        await until('the worker is ready', ready, (status) => status === 200);
        await broker.kill();
        await until('the worker is not ready', ready, (status) => status === 503);
        await broker.start();
        await until('the worker is ready', ready, (status) => status === 200, 60);
        expect(await endOf(batch)).toBe(0);
        const lines = await judge(names);
        expect(lines.every(({ status }) => status === 'ok')).toBe(true);
        const read = async (): Promise<string> => (await send(`http://127.0.0.1:${port}/metrics`)).text;
        const metrics = await until('the queue is empty', read, (text) =>
          /ocrhub_batch_queue_depth\{queue="[^"]*"\} 0/.test(text),
        );
        expect(metrics).toMatch(/ocrhub_worker_units_total [1-9]\d*\n/);
      });

      it('a run that was deleted from a bucket leaves the queue, and one that others have is read', async () => {
        const bucket = await startBucketServer();
        onTestFinished(() => bucket.close());
        const env = { AWS_ENDPOINT_URL_S3: bucket.url, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
        const names = await pictures(8);
        const deleted = ['batch', scans, 's3://runs/deleted', '-m', 'slow', '--queue', queue, '--detach'];
        expect(await endOf(start(deleted, env))).toBe(0);
        bucket.objects.clear();
        const batch = startBatch();
        const port = await freePort();
        const worker = start(['worker', '--queue', queue, '--workers', '1', '--health_port', String(port)], env);
        let output = '';
        worker.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        expect(await endOf(batch)).toBe(0);
        await judge(names);
        const read = async (): Promise<string> => (await send(`http://127.0.0.1:${port}/metrics`)).text;
        const metrics = await until('the queue is empty', read, (text) =>
          /ocrhub_batch_queue_depth\{queue="[^"]*"\} 0/.test(text),
        );
        expect(metrics).toMatch(/ocrhub_batch_queue_units\{[^}]*state="delayed"[^}]*\} 0/);
        expect(output).toContain('s3://runs/deleted has no run any more; its units leave the queue');
      });

      it('a worker without the module of a run ends with an error, and another one reads the unit', async () => {
        const names = await pictures(32);
        const batch = startBatch();
        const poor = start(['worker', '--queue', queue], { OCRHUB_HOME: path.join(folder, 'other') });
        let output = '';
        poor.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        expect(await endOf(poor)).toBe(3);
        expect(output).toContain('slow');
        startWorker('--lock', '600');
        expect(await endOf(batch)).toBe(0);
        await judge(names);
      });
    });
  },
);
