import { Args } from '@oclif/core';
import { openStore } from '../../runtime/batch/places.js';
import { openRun } from '../../runtime/batch/plan/run.js';
import { statusOf, type BatchStatus } from '../../runtime/batch/results/status.js';
import { BaseCommand } from '../_base.js';
import { formatTable } from '../_text.js';

export default class BatchStatusCommand extends BaseCommand {
  static override summary = 'show how far a run of batch is';
  static override examples = ['<%= config.bin %> batch status ./out'];
  static override args = {
    output: Args.string({ description: 'the output folder of the run', required: true, ignoreStdin: true }),
  };

  override async run(): Promise<BatchStatus> {
    const { args } = await this.parse(BatchStatusCommand);
    const store = await openStore(args.output);
    const status = await statusOf(store, await openRun(store));
    const { pages, done, failed, errors, units, unitsDone, unitsHeld, finished } = status;
    const rows = [
      ['input', status.input],
      ['module', status.module],
      ['planned', status.created],
      ['pages', `${done} of ${pages}`],
      ['units', `${unitsDone} of ${units}, ${unitsHeld} in work`],
      ['failed', String(failed)],
      ...Object.entries(errors).map(([code, count]) => [`  ${code}`, String(count)]),
      ['finished', finished ? 'yes' : 'no'],
    ];
    this.log(formatTable([], rows).trimStart());
    return status;
  }
}
