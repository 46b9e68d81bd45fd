import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/home.js';

/** A broker that a test starts, kills and starts again. */
export interface TestBroker {
  /** Of `--queue`, without the name of a queue. */
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Loses everything that it holds, as after the loss of its disk. */
  forget(): void;
}

/** Undefined where it is not installed. */
export const brokers: Readonly<Record<'redis' | 'postgres', ((folder: string) => Promise<TestBroker>) | undefined>> = {
  redis: commandOf('redis-server') === undefined ? undefined : redis,
  postgres: commandOf('initdb') === undefined ? undefined : postgres,
};

async function redis(folder: string): Promise<TestBroker> {
  const port = await freePort();
  const flags = ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction', '--bind', '127.0.0.1'];
  return {
    ...process_(
      () => spawn('redis-server', ['--port', String(port), '--dir', folder, ...flags], { stdio: 'ignore' }),
      port,
    ),
    url: `redis://127.0.0.1:${port}`,
    forget: () => run('redis-cli', ['-p', String(port), 'flushall']),
  };
}

async function postgres(folder: string): Promise<TestBroker> {
  const port = await freePort();
  const data = path.join(folder, 'data');
  // PostgreSQL does not run as root.
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  await mkdir(data);
  if (isRoot) for (const place of [folder, data]) await chown(place, 65_534, 65_534);
  run(commandOf('initdb') ?? '', ['-D', data, '-A', 'trust', '-U', 'ocrhub', '--no-sync'], user);
  const flags = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const psql = (database: string, sql: string): void =>
    run('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'ocrhub', '-d', database, '-qc', sql]);
  const started = process_(() => spawn(commandOf('postgres') ?? '', flags, { stdio: 'ignore', ...user }), port);
  let isNew = true;
  return {
    ...started,
    url: `postgres://ocrhub@127.0.0.1:${port}/queue`,
    start: async () => {
      await started.start();
      // It listens before it is ready.
      for (let tries = 0; spawnSync('pg_isready', ['-h', '127.0.0.1', '-p', String(port)]).status !== 0; tries++) {
        if (tries > 300) throw new Error('PostgreSQL is not ready');
        await sleep(100);
      }
      if (isNew) psql('postgres', 'create database queue');
      isNew = false;
    },
    forget: () => psql('queue', 'truncate bullmq.job cascade'),
  };
}

function process_(start: () => ChildProcess, port: number): Pick<TestBroker, 'start' | 'kill'> {
  let child: ChildProcess | undefined;
  return {
    start: async () => {
      child = start();
      while (!(await answers(port))) {
        if (child.exitCode !== null) throw new Error(`the broker exited with ${child.exitCode}`);
        await sleep(50);
      }
    },
    kill: async () => {
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function run(command: string, args: readonly string[], options: object = {}): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} exited with ${String(status)}: ${stderr}`);
}

/** Debian keeps the programs of PostgreSQL out of the path. */
function commandOf(name: string): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name} || ls /usr/lib/postgresql/*/bin/${name}`], {
    encoding: 'utf8',
  });
  const [found = ''] = stdout.split('\n');
  return found === '' ? undefined : found;
}
