import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Figures } from '../../../src/runtime/batch/metrics/figures.js';
import { Outages } from '../../../src/runtime/batch/metrics/outages.js';
import { StatusServer } from '../../../src/runtime/batch/metrics/status-server.js';
import { send } from '../../helpers/http.js';

const errors = new Map([['image_unreadable', 2]]);
const run = { planned: 100, done: 40, errors, unitsPlanned: 4, unitsDone: 1, rate: 2.5 };
const worker = { pages: 40, errors, units: 1, unitsInWork: 2, unitsLost: 1, rate: 2.5 };
const depth = { waiting: 5, active: 2, delayed: 1, failed: 3 };

async function serve(figures: () => Figures): Promise<string> {
  const server = await StatusServer.start({ port: 0, flag: '--health_port', figures });
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${server.port}`;
}

it('tells pages, failures by their code, units and rate of a run and of a worker, and the depth of the queue', async () => {
  const url = await serve(() => ({ waitsFor: undefined, run, worker, queue: { name: 'redis://host/q', depth } }));
  const { http, text } = await send(`${url}/metrics`);
  const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect([http, values.sort()]).toEqual([
    200,
    [
      'ocrhub_batch_failed_pages{code="image_unreadable"} 2',
      'ocrhub_batch_pages_per_second 2.5',
      'ocrhub_batch_pages{state="done"} 40',
      'ocrhub_batch_pages{state="planned"} 100',
      'ocrhub_batch_queue_depth{queue="redis://host/q"} 7',
      'ocrhub_batch_queue_units{queue="redis://host/q",state="active"} 2',
      'ocrhub_batch_queue_units{queue="redis://host/q",state="delayed"} 1',
      'ocrhub_batch_queue_units{queue="redis://host/q",state="failed"} 3',
      'ocrhub_batch_queue_units{queue="redis://host/q",state="waiting"} 5',
      'ocrhub_batch_ready 1',
      'ocrhub_batch_units{state="done"} 1',
      'ocrhub_batch_units{state="planned"} 4',
      'ocrhub_worker_failed_pages_total{code="image_unreadable"} 2',
      'ocrhub_worker_pages_per_second 2.5',
      'ocrhub_worker_pages_total 40',
      'ocrhub_worker_units_in_work 2',
      'ocrhub_worker_units_lost_total 1',
      'ocrhub_worker_units_total 1',
    ],
  ]);
});

it('is not ready while something is away, and says what', async () => {
  const told: string[] = [];
  const outages = new Outages((text) => told.push(text));
  const url = await serve(() => ({ waitsFor: outages.reason }));
  const ready = async (): Promise<unknown[]> => {
    const { http, text } = await send(`${url}/health/ready`);
    return [http, JSON.parse(text) as unknown];
  };
  expect(await ready()).toEqual([200, { status: 'ready' }]);
  outages.outageBegan('s3://out', 'refused');
  outages.outageBegan('s3://out', 'timed out');
  outages.outageBegan('redis://host/q', 'closed');
  const reason = 's3://out cannot be used: timed out; redis://host/q cannot be used: closed';
  expect(await ready()).toEqual([503, { status: 'waiting', reason }]);
  outages.outageEnded('s3://out');
  outages.outageEnded('redis://host/q');
  outages.outageEnded('redis://host/q');
  expect(await ready()).toEqual([200, { status: 'ready' }]);
  expect(told).toEqual([
    's3://out cannot be used; waiting: refused',
    'redis://host/q cannot be used; waiting: closed',
    's3://out can be used again',
    'redis://host/q can be used again',
  ]);
  expect((await send(`${url}/health/live`)).http).toBe(200);
  expect((await send(`${url}/other`)).http).toBe(404);
});

it('a port that is taken is refused with its flag', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const starting = StatusServer.start({ port, flag: '--health_port', figures: () => ({ waitsFor: undefined }) });
  await expect(starting).rejects.toThrow(`--health_port is ${port}: another process listens on this port`);
});
