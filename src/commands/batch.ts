import { Args, Flags } from '@oclif/core';
import type { Identity } from '../runtime/batch/plan/identity.js';
import { LeaseClaims } from '../runtime/batch/claims/lease-claims.js';
import { ShardClaims, type ShardOutcome } from '../runtime/batch/claims/shard-claims.js';
import { parseShard } from '../runtime/batch/claims/shard.js';
import { Outages } from '../runtime/batch/metrics/outages.js';
import type { StatusServer } from '../runtime/batch/metrics/status-server.js';
import { openSource, openStore, requireShareable } from '../runtime/batch/places.js';
import { Plan, planRun } from '../runtime/batch/plan/plan.js';
import { unitsOf } from '../runtime/batch/plan/units.js';
import { Results } from '../runtime/batch/results/results.js';
import { statusOf, type BatchStatus } from '../runtime/batch/results/status.js';
import { PatientStore } from '../runtime/batch/store/patient-store.js';
import type { Store } from '../runtime/batch/store/store.js';
import { work } from '../runtime/batch/work/work.js';
import { parseQueueUrl } from '../runtime/broker/queue-place.js';
import { givenQueuePassword } from '../runtime/config/environment.js';
import { resolveHome } from '../runtime/config/home.js';
import { checkAssignment, checkRequestFields } from '../runtime/options/check-values.js';
import { optionShape, optionTable } from '../runtime/options/option-table.js';
import { moduleOfArgument } from '../runtime/options/requested-modules.js';
import type { ServedModule } from '../runtime/options/serve-options.js';
import { packageVersion } from '../runtime/package.js';
import { availableCores } from '../runtime/process/cores.js';
import { stockFolderOf } from '../runtime/registry/package-folder.js';
import { splitFields, type ReadingOptions } from '../runtime/service/reading.js';
import { parseField } from '../runtime/values/assignments.js';
import { check } from '../runtime/values/check.js';
import { BaseCommand } from './_base.js';
import { documentFields, readingFlags } from './_file-flags.js';
import { listenFlag, numberFlag, queueHelp, repeatFlags } from './_flags.js';
import { formatCount } from './_text.js';
import { BatchProgress } from './batch/_progress.js';
import { readWithQueue } from './batch/_queued.js';
import { onStopSignal } from './batch/_stop-signal.js';

export default class Batch extends BaseCommand {
  static override summary = 'read a folder of any size, stop at any time, and go on with the same command';
  static override description =
    'Plans all pages of the pictures and PDF files first, then reads them in units of up to 32 pages with all cores. The output folder holds the plan and the results. The same command goes on where it stopped, and several machines that share the folder may run it at once. See the results with batch status and batch merge.';
  static override examples = [
    '<%= config.bin %> batch ./scans ./out',
    '<%= config.bin %> batch files.txt ./out --module ocr_system --set drop_score=0.6',
    '<%= config.bin %> batch s3://scans/2026 s3://texts/2026',
    '<%= config.bin %> batch ./scans ./out --shard 3/8',
    '<%= config.bin %> batch s3://scans/2026 s3://texts/2026 --queue redis://host',
    '<%= config.bin %> batch status ./out',
    '<%= config.bin %> batch merge ./out -o results.jsonl',
  ];
  static override args = {
    input: Args.string({
      description: 'a folder, read with its subfolders, a file with a path a line, or s3://BUCKET/PREFIX',
      required: true,
      ignoreStdin: true,
    }),
    output: Args.string({
      description: 'the folder for the plan and the results, or s3://BUCKET/PREFIX',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    module: Flags.string({
      char: 'm',
      description: 'an installed module or the folder of a package [default: the stock module ocr_system]',
    }),
    set: Flags.string({
      description: 'a parameter: drop_score=0.7; several may follow',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PARAMETER=VALUE',
    }),
    ...readingFlags,
    workers: Flags.integer({
      description: 'number of inference processes [default: one for each core]',
      min: 1,
      max: 1024,
    }),
    shard: Flags.string({
      description: 'read every Nth unit, from the Ith on, without leases: for stores that have none',
      helpValue: 'I/N',
    }),
    queue: Flags.string({
      description: `${queueHelp}. The workers of the queue read, and this command shows how far they are`,
      helpValue: 'URL',
      exclusive: ['shard', 'workers', 'timeout', 'max_memory'],
    }),
    detach: Flags.boolean({
      description: 'return when all units are in the queue',
      dependsOn: ['queue'],
    }),
    metrics_port: listenFlag('metrics-port', 'answer /metrics for Prometheus on this port'),
    timeout: numberFlag({ description: `seconds for a page [default: ${optionTable.timeout.defaultText}]` }),
    max_pixels: Flags.string({
      aliases: ['max-pixels'],
      description: `maximum size of a page [default: ${optionTable.max_pixels.defaultText}]`,
    }),
    max_memory: Flags.string({
      aliases: ['max-memory'],
      description: `memory of an inference process at which it is replaced [default: ${optionTable.max_memory.defaultText}]`,
    }),
  };

  override async run(): Promise<BatchStatus> {
    const { args, flags } = await this.parse(Batch, repeatFlags(this.argv, ['set', 'field']));
    const home = resolveHome();
    const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
    const queue = flags.queue === undefined ? undefined : parseQueueUrl(flags.queue, givenQueuePassword());
    const timeout = check(optionShape.timeout, flags.timeout, '--timeout');
    const maxMemory = check(optionShape.maxMemory, flags.max_memory, '--max_memory');
    const maxPixels = check(optionShape.maxPixels, flags.max_pixels, '--max_pixels');
    const module = await moduleOfArgument(home, flags.module ?? stockFolderOf('ocr_system'), flags.set ?? []);
    const fields = fieldsOf(module, flags.field ?? []);
    const { reading } = splitFields({ ...documentFields({ ...flags, paragraphs: false }) }, [], 'Flags');
    const source = await openSource(args.input, args.output);
    const identity = identityOf({ input: args.input, module, fields, reading, maxPixels });

    const outages = new Outages((text) => progress.note(text));
    const progress = new BatchProgress({ isJson: this.jsonEnabled(), note: (text) => this.note(text), outages });
    const metrics = await startMetrics(flags.metrics_port, progress);
    const stop = onStopSignal((text) => progress.note(text));
    const direct = await openStore(args.output);
    if (shard === undefined && queue === undefined) await requireShareable(args.output);
    const store = new PatientStore(direct, outages, stop.signal);
    try {
      const { pages: selection, ...withoutPages } = reading;
      const counting = { ...withoutPages, pages: selection, maxPixels };
      const { signal } = stop;
      const run = await planRun(direct, source, identity, { counting, events: progress, signal }).catch(
        (error: unknown) => {
          // Nothing was read yet.
          if (signal.aborted && error === signal.reason) return this.exit(stop.exitCode);
          throw error;
        },
      );
      const results = new Results(store);
      const part = shard && new ShardClaims(results, unitsOf(run), shard);
      const status = await statusOf(store, run);
      progress.start(status);
      if (!status.finished && queue !== undefined) {
        const options = { place: queue, isDetached: flags.detach, progress, outages, signal: stop.signal };
        const given = await readWithQueue(store, run, options);
        for (const { unit, reason } of given) progress.note(`Workers gave up unit ${unit}: ${reason}`);
      } else if (!status.finished) {
        const plan = new Plan(store, run);
        const units = unitsOf(run);
        const claims = part ?? new LeaseClaims(store, results, { units });
        // Loaded only here: a run that is finished needs no engine.
        const { PoolReader } = await import('../runtime/batch/work/pool-reader.js');
        const reader = await PoolReader.start(home, {
          module,
          startedIn: process.cwd(),
          fields,
          reading: withoutPages,
          processes: flags.workers ?? availableCores(),
          maxPixels,
          timeout,
          maxMemory,
          note: (text) => progress.note(text),
        });
        try {
          await work({ plan, results, claims, source, reader, events: progress }, stop.signal);
        } finally {
          reader.close();
        }
      }
      const isDetached = flags.detach;
      return this.#report(await statusOf(direct, run), direct, {
        progress,
        stop,
        isDetached,
        part: await part?.outcome(),
      });
    } finally {
      progress.end();
      metrics?.close();
      stop.release();
    }
  }

  #report(status: BatchStatus, { name }: Store, { progress, stop, isDetached, part }: ReportOptions): BatchStatus {
    progress.end();
    const { done, failed, pages, finished } = status;
    this.log(`${formatCount(done, 'page')} of ${pages} read, ${failed} of them with an error`);
    if (finished) this.log(`Results: ${this.config.bin} batch merge ${name} -o results.jsonl`);
    if (failed > 0) this.log(`Read the failed pages again: ${this.config.bin} batch retry ${name}`);
    const isPartRead = part?.isRead === true;
    if (!finished) {
      const what = isDetached ? 'shows how far it is' : 'goes on with it';
      this.note(
        isPartRead
          ? 'This shard is read. The run is finished when all shards are'
          : `The run is not finished; the same command ${what}`,
      );
    }
    const isIncomplete = !finished && !isDetached && !isPartRead;
    const hasErrors = part === undefined ? failed > 0 : part.hasErrors;
    process.exitCode = stop.exitCode ?? (isIncomplete || hasErrors ? 5 : 0);
    return status;
  }

  /** A line, like the progress before it. */
  protected override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json)}\n`);
  }
}

interface ReportOptions {
  readonly progress: BatchProgress;
  readonly stop: { readonly exitCode: number | undefined };
  /** Whether workers of a queue go on with the run. */
  readonly isDetached: boolean;
  /** Of `--shard`. */
  readonly part: ShardOutcome | undefined;
}

/** Loaded only for the flag. */
async function startMetrics(port: number | undefined, progress: BatchProgress): Promise<StatusServer | undefined> {
  if (port === undefined) return undefined;
  const { StatusServer } = await import('../runtime/batch/metrics/status-server.js');
  return StatusServer.start({ port, flag: '--metrics_port', figures: () => progress.figures });
}

function fieldsOf(module: ServedModule, given: readonly string[]): Readonly<Record<string, unknown>> {
  const assignments = given.map(parseField);
  for (const assignment of assignments) checkAssignment(module.fields, assignment, { noun: 'field' });
  const fields = Object.fromEntries(assignments.map(({ name, value }) => [name, value]));
  checkRequestFields(module, fields);
  return fields;
}

interface IdentityParts {
  readonly input: string;
  readonly module: ServedModule;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly reading: ReadingOptions;
  readonly maxPixels: number;
}

function identityOf({ input, module, fields, reading, maxPixels }: IdentityParts): Identity {
  const { name, version, hash, initArgs, predictArgs } = module;
  const set = { ...initArgs, ...predictArgs };
  return {
    input,
    module: name,
    version,
    hash,
    set,
    fields,
    reading: withoutPassword(reading),
    maxPixels,
    ocrhub: packageVersion,
  };
}

/** A password opens a file and changes no answer; it does not belong into a file either. */
function withoutPassword(reading: ReadingOptions): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(reading).filter(([name]) => name !== 'password'));
}
