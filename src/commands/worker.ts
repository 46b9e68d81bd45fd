import { Flags } from '@oclif/core';
import type { Figures } from '../runtime/batch/metrics/figures.js';
import { Outages } from '../runtime/batch/metrics/outages.js';
import type { StatusServer } from '../runtime/batch/metrics/status-server.js';
import type { Run } from '../runtime/batch/plan/run.js';
import { parseQueueUrl } from '../runtime/broker/queue-place.js';
import { PoolReader } from '../runtime/batch/work/pool-reader.js';
import { givenPdfPassword, givenQueuePassword } from '../runtime/config/environment.js';
import { resolveHome } from '../runtime/config/home.js';
import { OcrHubError } from '../runtime/errors/error.js';
import { optionShape, optionTable } from '../runtime/options/option-table.js';
import { availableCores } from '../runtime/process/cores.js';
import type { ReadingOptions } from '../runtime/service/reading.js';
import { check } from '../runtime/values/check.js';
import { BaseCommand } from './_base.js';
import { onDrainSignal } from './_drain-signal.js';
import { listenFlag, numberFlag, queueHelp } from './_flags.js';
import { formatCount } from './_text.js';
import { WorkerTally } from './batch/_worker-tally.js';

export default class Worker extends BaseCommand {
  static override summary = 'read the units of runs that batch --queue has put into a queue';
  static override description =
    'Takes units of up to 32 pages from a queue and writes their results into the store of their run, for all runs of the queue. Start it on as many machines as you like. Module and settings come from the run, and the module must be installed here. SIGTERM and Ctrl-C finish the units in work; a second one gives them back.';
  static override examples = [
    '<%= config.bin %> worker --queue redis://host',
    '<%= config.bin %> worker --queue postgres://ocrhub@host/ocrhub --health_port 9100',
  ];
  static override flags = {
    queue: Flags.string({ description: queueHelp, helpValue: 'URL', required: true }),
    workers: Flags.integer({
      description: 'number of inference processes [default: one for each core]',
      min: 1,
      max: 1024,
    }),
    lock: numberFlag({
      description: 'seconds without a sign of this worker after which another one may take its units',
      default: 30,
    }),
    health_port: listenFlag('health-port', 'answer /health/live, /health/ready and /metrics on this port'),
    grace: numberFlag({
      description: 'seconds after SIGTERM in which units are finished; then they are given back',
      default: 25,
    }),
    password: Flags.string({
      description: 'opens encrypted PDF files; or set OCRHUB_PDF_PASSWORD, which the list of processes does not show',
    }),
    timeout: numberFlag({ description: `seconds for a page [default: ${optionTable.timeout.defaultText}]` }),
    max_memory: Flags.string({
      aliases: ['max-memory'],
      description: `memory of an inference process at which it is replaced [default: ${optionTable.max_memory.defaultText}]`,
    }),
  };

  override async run(): Promise<{ readonly units: number; readonly pages: number; readonly failed: number }> {
    const { flags } = await this.parse(Worker);
    const home = resolveHome();
    const place = parseQueueUrl(flags.queue, givenQueuePassword());
    const timeout = check(optionShape.timeout, flags.timeout, '--timeout');
    const maxMemory = check(optionShape.maxMemory, flags.max_memory, '--max_memory');
    if (flags.lock < 5 || flags.lock > 3600) throw refuse('--lock', flags.lock, 'expected 5 to 3600 seconds');
    if (flags.grace < 0 || flags.grace > 86_400) throw refuse('--grace', flags.grace, 'expected 0 to 86400 seconds');
    const { password = givenPdfPassword() } = flags;
    // Loaded only here, as few commands need a broker.
    const { Broker, BrokerWatch, moduleOfRun, OpenRuns, QueueWorker, UnitQueue } =
      await import('../runtime/batch/queue/index.js');
    const broker = await Broker.load(place, { lockMs: flags.lock * 1000 });
    const queue = new UnitQueue(broker);
    const note = (text: string): void => this.note(text);
    const outages = new Outages(note);
    const signals = onDrainSignal(flags.grace * 1000, note);
    const watch = new BrokerWatch(queue, outages);
    const tally = new WorkerTally({ watch, outages, note });
    const figures = (): Figures => {
      const { depth, name } = watch;
      const waitsFor = outages.reason ?? (depth === undefined ? `${name} has not answered yet` : undefined);
      return { waitsFor, worker: tally.figures, queue: depth && { name, depth } };
    };
    const status = await startStatus(flags.health_port, figures);
    const startReader = async ({ identity, startedIn = process.cwd() }: Run): Promise<PoolReader> => {
      const module = await moduleOfRun(home, identity);
      return PoolReader.start(home, {
        module,
        startedIn,
        fields: identity.fields,
        // The plan says which pages are read.
        reading: {
          ...(identity.reading as ReadingOptions),
          pages: undefined,
          ...(password === undefined ? {} : { password }),
        },
        processes: flags.workers ?? availableCores(),
        maxPixels: identity.maxPixels,
        timeout,
        maxMemory,
        note,
      });
    };
    const runs = new OpenRuns(outages, signals.stop);
    const worker = new QueueWorker(broker, { runs, startReader, events: tally });
    this.note(`Waiting for units of ${place.name}`);
    try {
      await worker.run(signals);
    } finally {
      watch.close();
      status?.close();
      signals.release();
      // A broker that is away does not say goodbye.
      await Promise.race([queue.close().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    const { units, pages } = tally.figures;
    const { failed } = tally;
    const read = `${formatCount(pages, 'page')} read, ${failed} of them with an error`;
    this.log(`${formatCount(units, 'unit')} finished, ${read}`);
    return { units, pages, failed };
  }
}

function refuse(subject: string, value: number, problem: string): OcrHubError {
  return new OcrHubError('value_invalid', { subject, key: '', value, problem });
}

/** Loaded only for the flag. */
async function startStatus(port: number | undefined, figures: () => Figures): Promise<StatusServer | undefined> {
  if (port === undefined) return undefined;
  const { StatusServer } = await import('../runtime/batch/metrics/status-server.js');
  return StatusServer.start({ port, flag: '--health_port', figures });
}
