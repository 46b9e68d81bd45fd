import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ocrhub, ocrhubJson, root } from '../../helpers/cli.js';
import { writeFiles } from '../../helpers/files.js';
import { post } from '../../helpers/http.js';
import { installOne } from './packages.js';
import type { Place, Scenario } from './scenario.js';

/** What the port answers: a word of the module, or nothing. */
async function served({ home, port }: Place): Promise<unknown> {
  const picture = await readFile(path.join(root, 'test', 'fixtures', 'pixel.png'));
  const body = { images: [picture.toString('base64')] };
  const answer = await post(`http://127.0.0.1:${port}/predict/word`, body).catch(() => undefined);
  const word = answer && (JSON.parse(answer.text) as { results?: unknown }).results;
  const found = word === undefined ? 'nothing' : word;
  const left = await leftOver(home, found === 'nothing' ? 0 : 1);
  return left.length === 0 ? found : { found, left };
}

/** Processes of a home folder that no server needs. Those of a killed server take a moment to notice it. */
async function leftOver(home: string, servers: number): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    const titles = (await processesOf(home)).map(({ title }) => title);
    const running = titles.filter((title) => title.startsWith('ocrhub server')).length;
    if (running <= servers && (servers > 0 || titles.length === 0)) return [];
    if (tries === 100) return titles;
    await sleep(100);
  }
}

/** The processes that were started with a home folder. */
async function processesOf(home: string): Promise<{ pid: number; title: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(`OCRHUB_HOME=${home}`)) return [];
      const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return [{ pid: Number(pid), title: title.replaceAll('\0', ' ').trim() }];
    }),
  );
  return found.flat().filter(({ title }) => title !== '');
}

async function stopAll({ home }: Place): Promise<void> {
  await ocrhub(home, ['serving', 'stop', '--all']);
  for (const { pid } of await processesOf(home)) process.kill(pid, 'SIGKILL');
}

const startArgs = ({ port }: Place): string[] => ['serving', 'start', '-m', 'word', '-p', String(port)];
const command = { below: ['home'], state: served, prepare: installOne, end: stopAll };
/** Interrupts the server in place of the command. */
const itsServer = { entry: 'server/main' };

async function start(place: Place, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stderr } = await ocrhub(place.home, startArgs(place), { env });
  if (code !== 0) throw new Error(`serving start exited with ${String(code)}\n${stderr}`);
}

/** The copy that the server has loaded is older than the installed one. */
async function startOlder(place: Place, env: NodeJS.ProcessEnv): Promise<void> {
  await start(place, env);
  await ocrhubJson(place.home, ['install', path.join(place.folder, 'two')]);
}

const starting = { ...command, args: startArgs, whenDone: [4] };
const stopping = {
  ...command,
  args: ({ port }: Place) => ['serving', 'stop', '-p', String(port)],
  whenDone: [3],
  begin: start,
};
const restarting = {
  ...command,
  args: ({ port }: Place) => ['serving', 'restart', '-p', String(port)],
  begin: startOlder,
};

export const serving: readonly Scenario[] = [
  { title: 'serving start, its command', ...starting },
  { title: 'serving start, its server', ...starting, ...itsServer },
  {
    title: 'serving start -c',
    ...starting,
    args: () => ['serving', 'start', '-c', 'config.json'],
    begin: async ({ folder, port }) => {
      await writeFiles(folder, { 'config.json': JSON.stringify({ modules_info: { word: {} }, port }) });
    },
  },
  { title: 'serving stop, its command', ...stopping },
  { title: 'serving stop, its server', ...stopping, ...itsServer },
  // A server that was killed serves nothing, and the same command starts it again.
  { title: 'serving restart, its server', ...restarting, ...itsServer, otherStates: ['nothing'] },
  {
    title: 'serving restart --cold, its command',
    ...restarting,
    args: ({ port }) => ['serving', 'restart', '--cold', '-p', String(port)],
    // Between the two servers there is none, and no state of one.
    otherStates: ['nothing'],
    rescue: startArgs,
  },
];
