import prometheus from 'prom-client';
import type { RequestRecord } from '../service/contract.js';
import { processUsage } from '../process/usage.js';
import type { Pool } from '../pool/pool.js';
import { withOldStageNames } from '../trace/stage-times.js';

export interface Metrics {
  observe(record: RequestRecord, known: boolean): void;
  restarted(): void;
  text(): Promise<{ contentType: string; text: string }>;
}

/** Seconds: from a small strip on one core to a page with a thousand lines. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The counters behind GET /metrics. */
export function createMetrics(currentPool: () => Pool): Metrics {
  const registry = new prometheus.Registry();
  const registers = [registry];
  const requests = new prometheus.Counter({
    name: 'ocrhub_requests_total',
    help: 'Prediction requests of all protocols, by module and HTTP status',
    labelNames: ['module', 'status'],
    registers,
  });
  const tokens = new prometheus.Counter({
    name: 'ocrhub_token_requests_total',
    help: 'Prediction requests with a token, by its name and HTTP status',
    labelNames: ['token', 'status'],
    registers,
  });
  const images = new prometheus.Counter({
    name: 'ocrhub_images_total',
    help: 'Pictures in answered requests, by module',
    labelNames: ['module'],
    registers,
  });
  const latency = new prometheus.Histogram({
    name: 'ocrhub_request_seconds',
    help: 'Time from the arrival of a request to its answer, by module',
    labelNames: ['module'],
    buckets,
    registers,
  });
  const stages = new prometheus.Histogram({
    name: 'ocrhub_stage_seconds',
    help: 'Time spent in a stage of one request, by stage',
    labelNames: ['stage'],
    buckets,
    registers,
  });
  const restarts = new prometheus.Counter({
    name: 'ocrhub_process_restarts_total',
    help: 'Inference processes that ended unexpectedly',
    registers,
  });
  const queued = new prometheus.Gauge({ name: 'ocrhub_queue_depth', help: 'Requests waiting in the queue', registers });
  const processes = new prometheus.Gauge({
    name: 'ocrhub_processes',
    help: 'Inference processes, by state',
    labelNames: ['state'],
    registers,
  });
  const memory = new prometheus.Gauge({
    name: 'ocrhub_memory_bytes',
    help: 'Resident memory, by process id and role',
    labelNames: ['pid', 'role'],
    registers,
  });
  const ready = new prometheus.Gauge({ name: 'ocrhub_ready', help: '1 when requests are answered', registers });

  async function readGauges(): Promise<void> {
    const pool = currentPool();
    const info = pool.info();
    const usages = await Promise.all(info.map(({ pid }) => processUsage(pid)));
    // No await below: a concurrent scrape must not see half-updated gauges.
    queued.set(pool.queued);
    ready.set(pool.state === 'ready' ? 1 : 0);
    processes.reset();
    memory.reset();
    memory.set({ pid: process.pid, role: 'server' }, process.memoryUsage.rss());
    for (const [i, { pid, state }] of info.entries()) {
      processes.inc({ state });
      const usage = usages[i];
      if (usage !== undefined) memory.set({ pid, role: 'inference' }, usage.memory);
    }
  }

  return {
    observe(record, known) {
      // A label for each unknown name would grow without limit.
      const module = known ? record.route : 'unknown';
      requests.inc({ module, status: record.httpStatus });
      if (record.token !== undefined) tokens.inc({ token: record.token, status: record.httpStatus });
      if (record.outcome !== 'answered') return;
      images.inc({ module }, record.images);
      latency.observe({ module }, record.ms / 1000);
      for (const [stage, ms] of Object.entries(withOldStageNames(record.stages))) stages.observe({ stage }, ms / 1000);
    },
    restarted: () => restarts.inc(),
    async text() {
      await readGauges();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
