import { pageToText } from '../../../document/formats/text.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { Job, JobAnswer } from '../../../jobs/job.js';
import { stageNames } from '../../../trace/stage-times.js';
import type { Reply } from '../../protocol.js';
import { markdownOf } from '../lines/markdown.js';
import { linesOfFile } from '../lines/pages.js';
import type { ConvertData } from './request.js';

/** The answer of a conversion. */
export function toConverted(
  answer: Pick<JobAnswer, 'files' | 'queueMs' | 'stages'>,
  module: string,
  { name, markdown, text, pageBreak }: ConvertData,
): Reply {
  const pages = linesOfFile(answer, module);
  const between = pageBreak === undefined ? '\n\n' : `\n\n${pageBreak}\n\n`;
  const ms = stageNames.reduce((sum, stage) => sum + answer.stages[stage], answer.queueMs);
  return json({
    document: {
      filename: name,
      md_content: markdown ? pages.map(markdownOf).join(between) : null,
      text_content: text ? pages.map(pageToText).join('\n\n') : null,
      json_content: null,
      html_content: null,
      doctags_content: null,
    },
    status: 'success',
    errors: [],
    processing_time: ms / 1000,
    timings: {},
  });
}

/** The state of a job. */
export function toTask({ id, state }: Job): Reply {
  const status = { waiting: 'pending', running: 'started', done: 'success', failed: 'failure' }[state];
  return json({ task_id: id, task_type: 'convert', task_status: status, task_position: null, task_meta: null });
}

export function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ detail: message });
  return { http: httpStatus, contentType: 'json', body, status: String(httpStatus), message };
}

function json(value: object): Reply {
  return { http: 200, contentType: 'json', body: JSON.stringify(value), status: '200', message: '' };
}
