import { Args } from '@oclif/core';
import { retryFailed } from '../../runtime/batch/results/retry.js';
import { openStore } from '../../runtime/batch/places.js';
import { openRun } from '../../runtime/batch/plan/run.js';
import { BaseCommand } from '../_base.js';
import { formatCount } from '../_text.js';

export default class BatchRetry extends BaseCommand {
  static override summary = 'let the next batch read the failed pages of a run again';
  static override examples = ['<%= config.bin %> batch retry ./out && <%= config.bin %> batch ./scans ./out'];
  static override args = {
    output: Args.string({ description: 'the output folder of the run', required: true, ignoreStdin: true }),
  };

  override async run(): Promise<{ readonly pages: number; readonly units: number }> {
    const { args } = await this.parse(BatchRetry);
    const store = await openStore(args.output);
    const { identity } = await openRun(store);
    const reopened = await retryFailed(store);
    if (reopened.pages === 0) this.log('No page has failed');
    else {
      this.log(`${formatCount(reopened.pages, 'page')} will be read again`);
      const { input, module, set, fields, reading } = identity;
      const options = [set, fields, reading].some((given) => Object.keys(given).length > 0);
      const start = `${this.config.bin} batch ${input} ${args.output}`;
      if (!options && module === stockModule) this.log(`Go on: ${start}`);
      else this.log(`Go on with the options of the run's start, of the module ${module}: ${start} ...`);
    }
    return reopened;
  }
}

/** What `batch` reads with if no module is named. */
const stockModule = 'ocr_system';
