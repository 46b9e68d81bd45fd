import { isPdf } from '../../../document/file-format.js';
import type { OcrHubError } from '../../../errors/error.js';
import type { Job, JobAnswer } from '../../../jobs/job.js';
import type { Asked, Reply } from '../../protocol.js';
import { linesOfFile } from '../lines/pages.js';
import { settingsOf, toDataInfo, toLayoutResult, toOcrResult, type Settings } from '../pipelines/results.js';
import type { JobData } from './request.js';

/** What a job remembers. */
export interface StoredData extends JobData {
  readonly settings: Settings;
  readonly isPdf: boolean;
}

export function toStored(data: JobData, { parsed, module, files: [file] }: Asked): StoredData {
  const settings = settingsOf(parsed.fields, module);
  return { ...data, settings, isPdf: file !== undefined && isPdf(file.bytes) };
}

export function success(data: object): Reply {
  const body = JSON.stringify({ code: 0, msg: 'Success', data });
  return { http: 200, contentType: 'json', body, status: '0', message: '' };
}

/** The code is the HTTP status. */
export function toErrorReply({ message, httpStatus }: OcrHubError): Reply {
  const body = JSON.stringify({ code: httpStatus, msg: message, data: null });
  return { http: httpStatus, contentType: 'json', body, status: String(httpStatus), message };
}

/** @param base the address of the server @param answer of a job that is done */
export function toStatus(
  { id, state, createdAt, finishedAt, error, secret }: Job,
  base: string,
  answer?: JobAnswer,
): object {
  const known = { jobId: id, state: state === 'waiting' ? 'pending' : state };
  if (error !== undefined) return { ...known, errorMsg: error.message };
  if (answer === undefined) return known;
  const pages = answer.files[0]?.pages.length ?? 0;
  return {
    ...known,
    extractProgress: {
      totalPages: pages,
      extractedPages: pages,
      startTime: createdAt.toISOString(),
      endTime: (finishedAt ?? createdAt).toISOString(),
    },
    resultUrl: { jsonUrl: `${resultAddress(base, id, secret)}/result.jsonl` },
  };
}

/** A line for each page. */
export function toJsonLines(job: Job, base: string, answer: JobAnswer): string {
  const { settings, form, isPdf: ofPdf } = job.data as StoredData;
  const dataInfo = toDataInfo(answer.files[0], ofPdf);
  const hasPictures = answer.outputType !== undefined;
  const lines = linesOfFile(answer, job.route).map((page, i) => {
    const picture = `${resultAddress(base, job.id, job.secret)}/pages/${i + 1}`;
    const results =
      form === 'layout'
        ? {
            layoutParsingResults: [
              {
                ...toLayoutResult(page, settings),
                ...(hasPictures ? { outputImages: { overall_ocr_res: picture } } : {}),
              },
            ],
          }
        : {
            ocrResults: [{ prunedResult: toOcrResult(page, settings), ...(hasPictures ? { ocrImage: picture } : {}) }],
          };
    return JSON.stringify({
      logId: job.requestId,
      errorCode: 0,
      errorMsg: 'Success',
      result: { ...results, dataInfo },
    });
  });
  return lines.map((line) => `${line}\n`).join('');
}

function resultAddress(base: string, id: string, secret: string): string {
  return `${base}/api/v2/ocr/results/${id}/${secret}`;
}
