import { parseQueueUrl } from '../broker/queue-place.js';
import { givenQueuePassword } from '../config/environment.js';
import type { JobHints } from './job-hints.js';

interface HintLog {
  warn(values: object, text: string): void;
  info(values: object, text: string): void;
}

/**
 * The hints of servers that share a store, through the queue of a URL.
 *
 * @throws OcrHubError `value_invalid`, `package_missing`
 */
export async function openJobHints(url: string, log: HintLog): Promise<JobHints> {
  const place = parseQueueUrl(url, givenQueuePassword());
  // Loaded only here: few servers have a queue.
  const { QueueHints } = await import('./queue-hints.js');
  return QueueHints.open(place, (problem) => {
    if (problem === undefined) log.info({ queue: place.name }, 'the queue answers again');
    else log.warn({ queue: place.name, problem }, 'the queue is away; jobs are found by searches of the store');
  });
}
