import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { noisyModel } from '../../helpers/toy-network.js';
import { filesBelow, type Place, type Scenario } from './scenario.js';

const set = 'ppocrv5-mobile-en';
const rec = noisyModel(randomBytes(300_000));
const settings = Buffer.from('PostProcess:\n  character_dict:\n  - a\n');
/** The machine's own proxies are none of these tests' business. */
const direct = { HTTP_PROXY: undefined, http_proxy: undefined };

/** Serves the files of the set, with ranges. */
const server = createServer((request, response) => {
  const body = request.url?.endsWith('.onnx') === true ? rec : settings;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = { 'Content-Length': body.length - from, ETag: '"1"' };
  if (from === 0) response.writeHead(200, headers);
  else response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` });
  response.end(body.subarray(from));
});
let mirror = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Whether the files of the set have what the server has. A file under its own name must be whole. */
async function downloaded({ home }: Place): Promise<unknown> {
  const folder = path.join(home, 'models', set);
  const names = (await filesBelow(folder)).filter((name) => /^(rec\.onnx|inference\.yml)$/.test(name));
  for (const name of names) {
    const whole = name === 'rec.onnx' ? rec : settings;
    if (!whole.equals(await readFile(path.join(folder, name)))) return `${name} has other content`;
  }
  // Each file of a set is there or not: the next download brings those that are missing.
  return names.length === 2 ? 'all' : 'some';
}

export const models: readonly Scenario[] = [
  {
    title: 'download',
    args: () => ['download', set, '--mirror', mirror],
    below: ['home'],
    env: direct,
    state: downloaded,
    prepare: () => Promise.resolve(),
  },
  {
    title: 'download that another has begun',
    args: () => ['download', set, '--mirror', mirror],
    below: ['home'],
    env: direct,
    state: downloaded,
    async prepare({ home }) {
      const folder = path.join(home, 'models', set);
      await mkdir(folder, { recursive: true });
      const version = createHash('sha256').update('of other content').digest('hex').slice(0, 12);
      // Of a process that has ended, and of content that the server does not have.
      await writeFile(path.join(folder, `rec.onnx.${version}.4194999-00000000.part`), rec.subarray(0, 1000));
    },
  },
  {
    title: 'download --from',
    args: () => ['download', set, '--from', './given'],
    below: ['home'],
    state: downloaded,
    async prepare({ folder }) {
      await mkdir(path.join(folder, 'given'));
      await writeFile(path.join(folder, 'given', 'rec.onnx'), rec);
      await writeFile(path.join(folder, 'given', 'inference.yml'), settings);
    },
  },
];
