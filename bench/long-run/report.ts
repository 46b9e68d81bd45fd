import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawChart } from '../lib/chart.js';
import { root } from '../lib/ocrhub.js';
import { writeFormatted, writePart } from '../report/document.js';
import { describeMachine, type Machine } from '../report/machine.js';
import { markdownTable } from '../report/table.js';
import type { Minute } from './counters.js';
import type { DisturbanceLog } from './disturb.js';

export interface LongRun extends DisturbanceLog {
  readonly machine: Machine;
  readonly minutes: number;
  readonly clients: number;
  readonly sections: readonly string[];
  readonly protocols: readonly string[];
  readonly perMinute: readonly Minute[];
  readonly failures: readonly string[];
  /** Of the servers' own processes, 30 s after the last request. */
  readonly serverMB: { readonly before: number; readonly after: number };
  readonly stopSeconds: readonly number[];
}

/** Writes docs/reliability.json, the two plots, and the part of docs/reliability.md that is made from a run. */
export async function writeReport(run: LongRun): Promise<void> {
  const docs = path.join(root, 'docs');
  await writeFormatted(path.join(docs, 'reliability.json'), JSON.stringify(run));
  await writeFile(path.join(docs, 'reliability.svg'), latencyPlot(run.perMinute));
  await writeFile(path.join(docs, 'reliability-memory.svg'), memoryPlot(run.perMinute));
  await writePart(path.join(docs, 'reliability.md'), 'long run', describeRun(run));
}

function describeRun(run: LongRun): string {
  const { perMinute, minutes, clients, sections, protocols, kills, reloads, restarts, serverMB, stopSeconds } = run;
  const sumOf = (name: 'requests' | 'right' | 'wrong' | 'lost'): number => sum(perMinute.map((minute) => minute[name]));
  const rows = [
    ['requests, without the hostile ones', String(sumOf('requests'))],
    ['answers equal to the answer alone', String(sumOf('right'))],
    ['wrong answers', String(sumOf('wrong'))],
    ['requests without an answer', String(sumOf('lost'))],
    ['refused or cut off, and sent again', statuses(perMinute.map(({ again }) => again))],
    ['answers to hostile requests', statuses(perMinute.map(({ hostile }) => hostile))],
    ['inference processes killed', String(kills)],
    ['reloads, restarts of a server', `${reloads}, ${restarts}`],
    ['memory of both servers, before and after', `${serverMB.before.toFixed(0)} MB, ${serverMB.after.toFixed(0)} MB`],
    ['time to stop each server', stopSeconds.map((seconds) => `${seconds.toFixed(1)} s`).join(', ')],
  ];
  return [
    `${minutes} minutes, ${clients} clients, ${protocols.length} protocols and formats, with ${sections.join(', ')}. ${describeMachine(run.machine)}.`,
    markdownTable(['what', 'result'], rows),
    '![latency by minute](reliability.svg) ![memory by minute](reliability-memory.svg)',
  ].join('\n\n');
}

/** Such as "HTTP 429: 12, no connection: 3". */
function statuses(counts: readonly Readonly<Record<string, number>>[]): string {
  const names = [...new Set(counts.flatMap(Object.keys))].sort();
  const all = names.map((name) => `${wordsOf(name)}: ${sum(counts.map((count) => count[name] ?? 0))}`);
  return all.length === 0 ? 'none' : all.join(', ');
}

function wordsOf(name: string): string {
  if (name === '0') return 'no connection';
  return /^\d+$/.test(name) ? `HTTP ${name}` : name;
}

function latencyPlot(minutes: readonly Minute[]): string {
  const seconds = (name: 'p50' | 'p95'): { x: number; y: number }[] =>
    minutes.map((minute) => ({ x: minute.minute, y: minute[name] / 1000 }));
  return plot(minutes, 'seconds of an answer', [
    { points: seconds('p50'), name: 'half of them', color: '#06c' },
    { points: seconds('p95'), name: '95 %', color: '#c60' },
  ]);
}

function memoryPlot(minutes: readonly Minute[]): string {
  const megabytes = (name: 'serverMB' | 'inferenceMB' | 'descriptors'): { x: number; y: number }[] =>
    minutes.map((minute) => ({ x: minute.minute, y: minute[name] }));
  return plot(minutes, 'MB, and open files', [
    { points: megabytes('inferenceMB'), name: 'inference processes, MB', color: '#06c' },
    { points: megabytes('serverMB'), name: 'servers, MB', color: '#c60' },
    { points: megabytes('descriptors'), name: 'open files of the servers', color: '#090' },
  ]);
}

function plot(minutes: readonly Minute[], label: string, series: Parameters<typeof drawChart>[0]['series']): string {
  const highest = Math.max(1, ...series.flatMap(({ points }) => points.map(({ y }) => y)));
  const last = Math.max(2, minutes.length);
  return drawChart({
    x: { label: 'minutes', from: 0, to: last, ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(last * share)) },
    y: { label, from: 0, to: highest * 1.15, ticks: [0, Math.round(highest / 2), Math.round(highest)] },
    series,
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
