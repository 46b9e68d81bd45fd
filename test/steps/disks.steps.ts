import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authoring } from './scenarios/authoring.js';
import { batch } from './scenarios/batch.js';
import { models } from './scenarios/models.js';
import { packages } from './scenarios/packages.js';
import type { Place, Scenario } from './scenarios/scenario.js';
import { serving } from './scenarios/serving.js';
import { settings } from './scenarios/settings.js';
import { copyOf, placeAt, runAlone, runScenario, wrongAfter, type States } from './trial.js';

/*
 * Real disks: a small file system that is full, or that fills up after some bytes, or that is read-only, and folders of another user.
 * Afterwards there is the old state or the new one, the error has a name, and the same command works when the disk does.
 */

const run = promisify(execFile);

const titles = [
  ...['install over an older copy', 'install into an empty home folder', 'config set', 'create', 'convert', 'batch'],
  ...['download', 'download --from', 'serving start, its command'],
];
const scenarios = [...packages, ...settings, ...authoring, ...batch, ...models, ...serving].filter(({ title }) =>
  titles.includes(title),
);

/** How much a command may write before the disk is full, as a part of what it writes, and in bytes. */
const parts = [0, 0.25, 0.5, 0.75];
const pages = [4096, 8192, 65_536];

let place = '';
let disk = '';
beforeAll(async () => {
  place = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-disks-'));
  await chmod(place, 0o755);
  disk = path.join(place, 'disk');
});
afterAll(() => rm(place, { recursive: true, force: true }));

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(!canMount).each(scenarios)('$title', (scenario) => {
  it('leaves the old state or the new one on a bad disk, and works when the disk is good', async () => {
    const template = await placeAt(path.join(place, scenario.title.replaceAll(/\W/g, '-')));
    await mkdir(template.home, { recursive: true });
    await scenario.prepare(template);
    let written = 0;
    const states = await onDisk(template, async (at) => {
      const free = await freeBytes();
      const found = await runAlone(scenario, at);
      written = Math.max(0, free - (await freeBytes()));
      return found;
    });
    const free = new Set([...parts.map((part) => Math.floor((written * part) / 4096) * 4096), ...pages]);
    const finds: object[] = [];
    const trials = [...free]
      .filter((bytes) => bytes <= Math.max(written, 65_536))
      .map((bytes) => `full after ${bytes}`);
    for (const trial of [...trials, 'read-only', 'of another user']) {
      const wrong = await onDisk(template, (at) => tryDisk(scenario, at, trial, states));
      if (wrong === undefined) continue;
      finds.push({ trial, ...wrong });
      console.log(JSON.stringify({ trial, ...wrong }));
    }
    console.log(`${scenario.title}: ${trials.length + 2} disks, ${written} bytes, ${finds.length} finds`);
    expect(finds).toEqual([]);
  });
});

async function tryDisk(scenario: Scenario, at: Place, trial: string, states: States): Promise<object | undefined> {
  const filler = path.join(disk, 'filler');
  const bytes = /^full after (\d+)/.exec(trial)?.[1];
  const spoil = async (): Promise<void> => {
    if (trial === 'read-only') await run('mount', ['-o', 'remount,ro', disk]);
    if (bytes !== undefined) await run('fallocate', ['-l', String((await freeBytes()) - Number(bytes)), filler]);
  };
  const mend = async (): Promise<void> => {
    if (trial === 'read-only') await run('mount', ['-o', 'remount,rw', disk]);
    await rm(filler, { force: true });
  };
  try {
    // A batch waits until there is space.
    const space = bytes === undefined ? undefined : freeLater(scenario, mend);
    const { result } = await runScenario(scenario, at, { spoil, asNobody: trial === 'of another user' });
    await space;
    return await wrongAfter(scenario, at, result, { states, mend });
  } finally {
    await mend();
    await scenario.end?.(at);
  }
}

async function freeLater({ title }: Scenario, mend: () => Promise<void>): Promise<void> {
  if (title !== 'batch') return;
  await sleep(15_000);
  await mend();
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
}

/** Runs with a copy of a folder on a file system of its own, for which any user may search. */
async function onDisk<T>(template: Place, use: (at: Place) => Promise<T>): Promise<T> {
  await mkdir(disk, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', 'size=128m,mode=755', 'tmpfs', disk]);
  try {
    return await use(await copyOf(template, path.join(disk, 'at')));
  } finally {
    await run('umount', ['-l', disk]);
  }
}
