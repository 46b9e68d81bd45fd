import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBucketServer } from '../helpers/bucket-server.js';
import { ocrhub } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { post, send } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { startServer, type TestServer } from '../helpers/server.js';
import { untilFound } from '../helpers/until-found.js';

/* Servers of several machines, each with a home of its own, that share a store. The first is killed. */

const picture = fixtureBytes('small.png');
const base64 = picture.toString('base64');

interface Place {
  readonly store: string;
  readonly env: NodeJS.ProcessEnv;
}

async function folderPlace(): Promise<Place> {
  return { store: path.join(await temporaryFolder(), 'shared'), env: {} };
}

async function bucketPlace(): Promise<Place> {
  const server = await startBucketServer();
  onTestFinished(() => server.close());
  const env = { AWS_ENDPOINT_URL_S3: server.url, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  return { store: 's3://shared/jobs', env };
}

async function startMachine({ store, env }: Place): Promise<TestServer> {
  const home = await sharedHome();
  onTestFinished(() => removeHome(home));
  await installModule(
    home,
    `name: 'slow', version: '1.0.0', summary: 'Is slow', params: {},
  entries: { empty: [], nested: false },
  predict: async ({ images }) => { await new Promise((resolve) => setTimeout(resolve, 3000));
    return images.map(() => [{ text: 'late', confidence: 1, text_region: [[0, 0], [9, 0], [9, 9], [0, 9]] }]); },`,
  );
  return startServer(home, { flags: ['-m', 'slow', '--store', store], env });
}

interface Client {
  /** Sends a picture, and returns the path at which the job is. */
  submit(url: string): Promise<string>;
  /** The answer as text; undefined while it is not there. */
  answer(url: string, place: string): Promise<string | undefined>;
}

const json = async (url: string): Promise<unknown> => JSON.parse((await send(url)).text) as unknown;
const withoutHost = (url: unknown): string => String(url).replace(/^https?:\/\/[^/]+/, '');

async function postForm(url: string, fields: Readonly<Record<string, string>>, file: string): Promise<unknown> {
  const body = new FormData();
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  body.set(file, new Blob([new Uint8Array(picture)]), 'small.png');
  const answer = await fetch(url, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return answer.json();
}

const clients: Readonly<Record<string, Client>> = {
  azure: {
    async submit(url) {
      const at = '/documentintelligence/documentModels/prebuilt-read:analyze?api-version=2024-11-30';
      const { http, headers } = await post(`${url}${at}`, { base64Source: base64 });
      expect(http).toBe(202);
      return withoutHost(headers['operation-location']);
    },
    async answer(url, place) {
      const { status, analyzeResult } = (await json(`${url}${place}`)) as { status: string; analyzeResult?: unknown };
      return status === 'running' || status === 'notStarted' ? undefined : JSON.stringify(analyzeResult);
    },
  },
  paddlejobs: {
    async submit(url) {
      const form = await postForm(`${url}/api/v2/ocr/jobs`, { model: 'PP-OCRv6' }, 'file');
      return (form as { data: { jobId: string } }).data.jobId;
    },
    async answer(url, id) {
      const { data } = (await json(`${url}/api/v2/ocr/jobs/${id}`)) as {
        data: { state: string; resultUrl?: { jsonUrl: string } };
      };
      if (data.state === 'pending' || data.state === 'running') return undefined;
      return (await send(`${url}${withoutHost(data.resultUrl?.jsonUrl)}`)).text;
    },
  },
  docling: {
    async submit(url) {
      const task = await postForm(`${url}/v1/convert/file/async`, { to_formats: 'text' }, 'files');
      return (task as { task_id: string }).task_id;
    },
    async answer(url, id) {
      const { task_status } = (await json(`${url}/v1/status/poll/${id}`)) as { task_status: string };
      if (task_status === 'pending' || task_status === 'started') return undefined;
      return (await send(`${url}/v1/result/${id}`)).text;
    },
  },
};

describe.each([
  ['a folder', folderPlace],
  ['a bucket', bucketPlace],
] as const)('two servers that share %s', (_, makePlace) => {
  it('answer for each other: sent to one, asked at the other, and answered after the first was killed', async () => {
    const place = await makePlace();
    const [first, second] = [await startMachine(place), await startMachine(place)];
    const uploaded = (await postForm(`${first.url}/v1/files`, { purpose: 'ocr' }, 'file')) as { id: string };
    const sent = await Promise.all(
      Object.entries(clients).map(async ([name, client]) => [name, client, await client.submit(first.url)] as const),
    );
    await sleep(500);
    for (const [, client, at] of sent) expect(await client.answer(second.url, at)).toBeUndefined();
    process.kill(first.pid, 'SIGKILL');
    const document = { type: 'file', file_id: uploaded.id };
    const read = await post(`${second.url}/v1/ocr`, { model: 'mistral-ocr-latest', document });
    expect([read.http, read.text]).toEqual([200, expect.stringContaining('late')]);
    for (const [name, client, at] of sent) {
      const answer = await untilFound(async () => {
        const found = await client.answer(second.url, at);
        if (found === undefined) await sleep(300);
        return found;
      });
      expect([name, answer]).toEqual([name, expect.stringContaining('late')]);
    }
  }, 120_000);
});

it('a bucket that ignores conditions is refused at the start, as several servers would take each job', async () => {
  const server = await startBucketServer();
  onTestFinished(() => server.close());
  server.ignoresConditions = true;
  const home = await sharedHome();
  onTestFinished(() => removeHome(home));
  await installModule(home, `name: 'word', version: '1.0.0', summary: '', params: {}, predict: () => ['a'],`);
  const env = { AWS_ENDPOINT_URL_S3: server.url, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  const flags = ['serving', 'start', '-m', 'word', '--store', 's3://shared/jobs', '-p', '18390'];
  const { code, stderr } = await ocrhub(home, flags, { env });
  expect([code, stderr]).toEqual([5, expect.stringContaining('s3://shared/jobs ignores conditional writes')]);
});
