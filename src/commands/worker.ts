import { Flags } from '@oclif/core';
import type { ResultLine } from '../runtime/batch/results/result-line.js';
import type { Run } from '../runtime/batch/plan/run.js';
import { parseQueueUrl } from '../runtime/batch/queue/queue-place.js';
import { PoolReader } from '../runtime/batch/work/pool-reader.js';
import { givenPdfPassword, givenQueuePassword } from '../runtime/config/environment.js';
import { resolveHome } from '../runtime/config/home.js';
import { optionShape, optionTable } from '../runtime/options/option-table.js';
import { availableCores } from '../runtime/process/cores.js';
import type { ReadingOptions } from '../runtime/service/reading.js';
import { check } from '../runtime/values/check.js';
import { BaseCommand } from './_base.js';
import { onDrainSignal } from './_drain-signal.js';
import { numberFlag, queueHelp } from './_flags.js';
import { formatCount } from './_text.js';

export default class Worker extends BaseCommand {
  static override summary = 'read the units of runs that batch --queue has put into a queue';
  static override description =
    'Takes units of 32 pages from a queue and writes their results into the store of their run, for all runs of the queue. Start it on as many machines as you like. Module and settings come from the run, and the module must be installed here. SIGTERM and Ctrl-C finish the units in work; a second one gives them back.';
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
    const { password = givenPdfPassword() } = flags;
    // Loaded only here, as few commands need a broker.
    const { Broker, BrokerWatch, moduleOfRun, OpenRuns, QueueWorker, UnitQueue } =
      await import('../runtime/batch/queue/index.js');
    const broker = await Broker.load(place);
    const queue = new UnitQueue(broker);
    const signals = onDrainSignal(flags.grace * 1000, (text) => this.note(text));
    const outages = {
      outageBegan: (name: string, problem: string) => this.note(`${name} cannot be used; waiting: ${problem}`),
      outageEnded: (name: string) => this.note(`${name} can be used again`),
    };
    const watch = new BrokerWatch(queue, outages);
    const done = { units: 0, pages: 0, failed: 0 };
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
        note: (text) => this.note(text),
      });
    };
    const worker = new QueueWorker(broker, {
      runs: new OpenRuns(outages, signals.stop),
      startReader,
      events: {
        pageDone: (line: ResultLine) => {
          done.pages++;
          if (line.status === 'error') done.failed++;
        },
        unitBegan: () => undefined,
        unitDone: () => {
          done.units++;
        },
        unitLost: (unit) =>
          this.note(`Another worker has taken over unit ${unit}: this one was not heard of for too long`),
        sourceAway: (source, problem) => this.note(`${source} cannot be read; waiting: ${problem}`),
        brokerAway: (problem) => watch.report(problem),
        runUnreadable: (run, problem) => this.note(`${run} cannot be read here; its units come again: ${problem}`),
      },
    });
    this.note(`Waiting for units of ${place.name}`);
    try {
      await worker.run(signals);
    } finally {
      watch.close();
      signals.release();
      await Promise.race([queue.close().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
    this.log(
      `${formatCount(done.units, 'unit')} finished, ${formatCount(done.pages, 'page')} read, ${done.failed} of them with an error`,
    );
    return done;
  }
}
