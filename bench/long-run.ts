/**
 * Many clients for a long time: each sends its own picture through all protocols, and now and then a page of another size, and each
 * answer must be the one that the client got when it was alone. Meanwhile inference processes are killed, modules reloaded, servers restarted in turn, and one request in
 * twenty is hostile. Linux only; needs fontconfig and DejaVu Sans.
 *
 *   npm run build && node bench/run.js long-run
 *     --hours 2 | --minutes 10
 *     --clients 64
 *     --sections kills,reloads,restarts,hostile   what happens meanwhile; "none" for nothing
 *     --restart_minutes 10                        how often the servers are restarted in turn; in a short run at least once
 *     --report                                    writes docs/reliability.json, the plots, and the results in docs/reliability.md
 *
 * Two servers share a home folder, and a client that is refused (429, 503) or cut off goes to the other, as behind a balancer.
 * Exits with 1 if an answer was wrong or lost, if a status is not documented, or if a server kept memory.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import getPort from 'get-port';
import { startServer } from './lib/ocrhub.js';
import { thisMachine } from './report/machine.js';
import { ask, protocolNames } from './long-run/ask.js';
import { Comparison } from './long-run/compare.js';
import { Failures } from './long-run/failures.js';
import { Counters, descriptorsOf, type Minute } from './long-run/counters.js';
import {
  command,
  disturbanceNames,
  inferencePids,
  killNowAndThen,
  reload,
  restartInTurn,
  type Target,
} from './long-run/disturb.js';
import { Hostile } from './long-run/hostile.js';
import { residentMegabytes } from './long-run/memory.js';
import { clientPicture, pagesOfAllSizes } from './long-run/pictures.js';
import { writeReport, type LongRun } from './long-run/report.js';

const { values } = parseArgs({
  options: {
    hours: { type: 'string' },
    minutes: { type: 'string' },
    clients: { type: 'string', default: '64' },
    sections: { type: 'string', default: disturbanceNames.join(',') },
    restart_minutes: { type: 'string', default: '10' },
    report: { type: 'boolean', default: false },
  },
});
const minutes = values.minutes === undefined ? 60 * Number(values.hours ?? 2) : Number(values.minutes);
const clients = Number(values.clients);
const sections = values.sections.split(',');
const restartMs = 60_000 * Math.min(Number(values.restart_minutes), minutes / 2.5);

/** One request in so many is a page. */
const pageEvery = 25;
/** Requests of so many clients wait longer than the default limit on a machine that is busy with other programs. */
const limits = ['--max_queue', '24', '--timeout', '300'];
/** Statuses after which a client tries again, also at the other server. */
const passing = new Set([0, 408, 429, 503, 504]);

const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-long-run-'));
const log = { kills: 0, reloads: 0, restarts: 0 };
const failures = new Failures();
const perMinute: Minute[] = [];
let counters = new Counters();
try {
  await command(home, 'install', 'ocr_system');
  const targets: Target[] = [];
  for (let i = 0; i < 2; i++) {
    const { pid, port, url } = startServer(home, String(await getPort()), 'ocr_system', ...limits);
    targets.push({ pid, port: Number(port), url });
  }
  const pictures = await Promise.all(Array.from({ length: clients }, (_, client) => clientPicture(client)));
  console.log(`asking for ${clients} x ${protocolNames.length} answers alone`);
  const expected = await answersAlone(targets, pictures);
  const pages = await pagesAlone(targets[0]?.url ?? '');
  const before = serverMegabytes(targets);
  const over = AbortSignal.timeout(minutes * 60_000);
  const hostile = sections.includes('hostile') ? await Hostile.create() : undefined;
  const disturbing = [
    ...(sections.includes('kills') ? [killNowAndThen(targets, log, over)] : []),
    ...(sections.includes('reloads') ? [reload(home, targets, log, over)] : []),
    ...(sections.includes('restarts') ? [restartInTurn(home, targets, restartMs, log, over)] : []),
  ].map((ends) => ends.catch((error: unknown) => failures.add((error as Error).message)));
  const timer = setInterval(() => void endMinute(targets), 60_000);
  await Promise.all(
    pictures.map((picture, client) => runClient({ client, picture, targets, expected, pages, hostile, over })),
  );
  clearInterval(timer);
  await endMinute(targets);
  await Promise.all(disturbing);
  await sleep(30_000);
  const after = serverMegabytes(targets);
  const stopSeconds: number[] = [];
  for (const { port } of targets) {
    const start = performance.now();
    await command(home, 'serving', 'stop', '-p', String(port));
    stopSeconds.push((performance.now() - start) / 1000);
  }
  const result: LongRun = {
    machine: thisMachine(),
    minutes,
    clients,
    sections,
    protocols: protocolNames,
    ...log,
    perMinute,
    failures: failures.messages,
    serverMB: { before, after },
    stopSeconds,
  };
  const { requests, right, wrong, lost } = total(perMinute);
  console.log(
    `${requests} requests, ${right} right, ${wrong} wrong, ${lost} lost; ${log.kills} kills, ${log.reloads} reloads, ${log.restarts} restarts`,
  );
  console.log(
    `server memory ${before.toFixed(0)} MB before and ${after.toFixed(0)} MB after; stopped in ${stopSeconds.map((s) => s.toFixed(1)).join(' and ')} s`,
  );
  if (values.report) await writeReport(result);
  process.exitCode = wrong + lost + failures.messages.length === 0 && after - before < 60 * targets.length ? 0 : 1;
} finally {
  await command(home, 'serving', 'stop', '--all').catch(() => undefined);
  await rm(home, { recursive: true, force: true });
}

/** For each client and protocol the answer that it gets alone, asked twice. */
async function answersAlone(
  targets: readonly Target[],
  pictures: readonly Buffer<ArrayBuffer>[],
): Promise<Comparison[][]> {
  return Promise.all(
    targets.map(async ({ url }, half) => {
      const own: [number, Comparison[]][] = [];
      for (const [client, picture] of pictures.entries()) {
        if (client % targets.length !== half) continue;
        const comparisons: Comparison[] = [];
        for (const protocol of protocolNames) {
          const [one, other] = [await ask(url, protocol, picture), await ask(url, protocol, picture)];
          if (one.status !== 200) throw new Error(`${protocol} alone: HTTP ${one.status} ${one.text.slice(0, 500)}`);
          comparisons.push(new Comparison(one.text, other.text));
        }
        own.push([client, comparisons]);
      }
      return own;
    }),
  ).then((halves) => {
    const all: Comparison[][] = [];
    for (const [client, comparisons] of halves.flat()) all[client] = comparisons;
    return all;
  });
}

interface Expected {
  readonly picture: Buffer<ArrayBuffer>;
  readonly comparison: Comparison;
}

async function pagesAlone(url: string): Promise<Expected[]> {
  const expected: Expected[] = [];
  for (const picture of await pagesOfAllSizes()) {
    const { text } = await ask(url, 'predict', picture);
    expected.push({ picture, comparison: new Comparison(text, text) });
  }
  return expected;
}

interface Client {
  readonly client: number;
  readonly picture: Buffer<ArrayBuffer>;
  readonly targets: readonly Target[];
  readonly expected: readonly (readonly Comparison[])[];
  readonly pages: readonly Expected[];
  readonly hostile: Hostile | undefined;
  readonly over: AbortSignal;
}

async function runClient({ client, picture, targets, expected, pages, hostile, over }: Client): Promise<void> {
  for (let n = 0; !over.aborted; n++) {
    const url = targets[(client + n) % targets.length]?.url ?? '';
    if (hostile !== undefined && Math.random() < 0.05) {
      const status = await hostile.send(url);
      Counters.add(counters.hostile, status);
      if (status === 500) failures.add('a hostile request got HTTP 500');
      continue;
    }
    const page = n % pageEvery === client % pageEvery ? pages[(client * 5 + n) % pages.length] : undefined;
    if (page !== undefined) {
      await askUntilAnswered('predict', client, page.picture, targets, page.comparison, n);
      continue;
    }
    const number = (client * 7 + n) % protocolNames.length;
    const comparison = expected[client]?.[number];
    if (comparison !== undefined)
      await askUntilAnswered(protocolNames[number] ?? '', client, picture, targets, comparison, n);
  }
}

async function askUntilAnswered(
  protocol: string,
  client: number,
  picture: Buffer<ArrayBuffer>,
  targets: readonly Target[],
  comparison: Comparison,
  first: number,
): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const url = targets[(client + first + attempt) % targets.length]?.url ?? '';
    const start = performance.now();
    const { status, text, isRefusal } = await ask(url, protocol, picture);
    if (isRefusal === true) Counters.add(counters.again, 'error in the body');
    else if (status === 200) {
      counters.requests++;
      counters.times.push(performance.now() - start);
      if (comparison.isEqual(text)) counters.right++;
      else {
        counters.wrong++;
        failures.add(`client ${client}, ${protocol}: another answer than alone: ${text.slice(0, 400)}`);
      }
      return;
    } else {
      Counters.add(counters.again, status);
      if (!passing.has(status)) {
        counters.requests++;
        failures.add(`client ${client}, ${protocol}: HTTP ${status} ${text.slice(0, 300)}`);
        return;
      }
    }
    await sleep(200 + Math.random() * 800 * Math.min(attempt, 5));
  }
  counters.requests++;
  counters.lost++;
  failures.add(`client ${client}, ${protocol}: no answer in 40 tries`);
}

async function endMinute(targets: readonly Target[]): Promise<void> {
  const ended = counters;
  counters = new Counters();
  const workers = (await Promise.all(targets.map(inferencePids))).flat();
  const minute = ended.toMinute(perMinute.length + 1, {
    serverMB: Math.round(serverMegabytes(targets)),
    inferenceMB: Math.round(workers.map(residentMegabytes).reduce((a, b) => a + b, 0)),
    descriptors: targets.map(({ pid }) => descriptorsOf(pid)).reduce((a, b) => a + b, 0),
  });
  perMinute.push(minute);
  console.log(JSON.stringify(minute));
}

function serverMegabytes(targets: readonly Target[]): number {
  return targets.map(({ pid }) => residentMegabytes(pid)).reduce((a, b) => a + b, 0);
}

function total(all: readonly Minute[]): Pick<Minute, 'requests' | 'right' | 'wrong' | 'lost'> {
  const sumOf = (name: 'requests' | 'right' | 'wrong' | 'lost'): number =>
    all.map((minute) => minute[name]).reduce((a, b) => a + b, 0);
  return { requests: sumOf('requests'), right: sumOf('right'), wrong: sumOf('wrong'), lost: sumOf('lost') };
}
