import prometheus from 'prom-client';
import type { Figures } from './figures.js';

/** The figures in the text format of Prometheus. */
export async function metricsText(figures: Figures): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = new prometheus.Registry();
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): prometheus.Gauge<L> =>
    new prometheus.Gauge({ name, help, labelNames, registers });
  const counter = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
  ): prometheus.Counter<L> => new prometheus.Counter({ name, help, labelNames, registers });
  const { run, worker, queue, waitsFor } = figures;
  gauge('ocrhub_batch_ready', '0 while work waits for the store, the input or the broker').set(
    waitsFor === undefined ? 1 : 0,
  );
  if (run !== undefined) {
    const pages = gauge('ocrhub_batch_pages', 'Pages of the run, by state', ['state']);
    pages.set({ state: 'planned' }, run.planned);
    pages.set({ state: 'done' }, run.done);
    const units = gauge('ocrhub_batch_units', 'Units of the run, by state', ['state']);
    units.set({ state: 'planned' }, run.unitsPlanned);
    units.set({ state: 'done' }, run.unitsDone);
    const errors = gauge('ocrhub_batch_failed_pages', 'Pages of the run that failed, by the code of their error', [
      'code',
    ]);
    for (const [code, count] of run.errors) errors.set({ code }, count);
    gauge('ocrhub_batch_pages_per_second', 'Pages a second since this process began').set(run.rate);
  }
  if (worker !== undefined) {
    counter('ocrhub_worker_pages_total', 'Pages that this worker has read, with those that failed').inc(worker.pages);
    const errors = counter('ocrhub_worker_failed_pages_total', 'Pages that failed, by the code of their error', [
      'code',
    ]);
    for (const [code, count] of worker.errors) errors.inc({ code }, count);
    counter('ocrhub_worker_units_total', 'Units that this worker has finished').inc(worker.units);
    counter('ocrhub_worker_units_lost_total', 'Units that another worker took over').inc(worker.unitsLost);
    gauge('ocrhub_worker_units_in_work', 'Units that this worker has').set(worker.unitsInWork);
    gauge('ocrhub_worker_pages_per_second', 'Pages a second since this worker began').set(worker.rate);
  }
  if (queue !== undefined) {
    const { name, depth } = queue;
    const units = gauge('ocrhub_batch_queue_units', 'Units in the queue, of all runs, by state', ['queue', 'state']);
    for (const [state, count] of Object.entries<number>({ ...depth })) units.set({ queue: name, state }, count);
    gauge('ocrhub_batch_queue_depth', 'Units that wait or are in work, of all runs of the queue', ['queue']).set(
      { queue: name },
      depth.waiting + depth.active,
    );
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
