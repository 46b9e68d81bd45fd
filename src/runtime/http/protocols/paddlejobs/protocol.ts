import type { Request } from 'express';
import { readArchive } from '../../../document/formats/archive.js';
import { OcrHubError } from '../../../errors/error.js';
import { isSecret, type Job } from '../../../jobs/job.js';
import type { Jobs } from '../../../jobs/jobs.js';
import { formBody, jsonBody, urlEncodedBody } from '../../body/read-body.js';
import type { Endpoint, Protocol, Reply, Resource } from '../../protocol.js';
import { publicAddress } from '../../public-address.js';
import { linesModule } from '../lines/module.js';
import { success, toErrorReply, toJsonLines, toStatus, toStored } from './answer.js';
import { openApiOf } from './openapi.js';
import { parseJob, requestForm, type JobData, type JobRequest } from './request.js';

const name = 'paddlejobs';
const path = '/api/v2/ocr/jobs';
const results = '/api/v2/ocr/results';

/** The jobs of PaddleOCR's hosted service, which its command `paddleocr api` and its SDKs call. */
export function paddleJobs({
  jobs,
  allowUrls,
}: {
  readonly jobs: Jobs;
  readonly allowUrls: readonly string[];
}): Protocol {
  return {
    requestForm,
    endpoints: [submit(jobs)],
    resources: [...states(jobs), ...resultsOf(jobs)],
    ownsPath: (requested) => requested.startsWith('/api/v2/ocr/'),
    toErrorReply,
    toOpenApi: () => ({ paths: openApiOf(allowUrls.length > 0), schemas: {} }),
  };
}

function submit(jobs: Jobs): Endpoint {
  return {
    path,
    bodyTypes: [formBody, jsonBody, urlEncodedBody],
    moduleOf: (_request, served) => linesModule(path, served),
    parse: parseJob,
    async accept(work, asked) {
      const { data } = asked.parsed as JobRequest;
      const { requestId, token } = asked;
      return success({
        jobId: await jobs.submit({ work, requestId, token, protocol: name, data: toStored(data, asked) }),
      });
    },
  };
}

function states(jobs: Jobs): Resource[] {
  return [
    {
      method: 'get',
      path: `${path}/:id`,
      async answer(request) {
        const job = await jobs.find(String(request.params['id']), name);
        return success(await statusOf(jobs, job, request));
      },
    },
    {
      method: 'get',
      path: `${path}/batch/:id`,
      async answer(request, _body, token) {
        const batchId = String(request.params['id']);
        // Clients choose the names of batches, so they can be guessed.
        const found = await jobs.findAll({ protocol: name, token }, (data) => (data as JobData).batchId === batchId);
        if (found.length === 0) throw new OcrHubError('job_unknown', { what: 'batch', id: batchId });
        const extractResult: object[] = [];
        // One after the other: an answer is parsed as a whole, and a batch may have thousands.
        for (const job of found) extractResult.push(await statusOf(jobs, job, request));
        return success({ batchId, extractResult });
      },
    },
  ];
}

/** Their addresses are secret and need no token: clients fetch them without one. */
function resultsOf(jobs: Jobs): Resource[] {
  return [
    {
      method: 'get',
      path: `${results}/:id/:secret/result.jsonl`,
      isOpen: true,
      async answer(request) {
        const job = await secretJob(jobs, request);
        const body = toJsonLines(job, publicAddress(request), await jobs.answerOf(job.id, name));
        return file('application/x-ndjson; charset=utf-8', body);
      },
    },
    {
      method: 'get',
      path: `${results}/:id/:secret/pages/:number`,
      isOpen: true,
      async answer(request) {
        const { id } = await secretJob(jobs, request);
        const { number } = request.params;
        const archive = await jobs.outputOf(id);
        const picture = archive && readArchive(archive)[Number(number) - 1];
        if (picture === undefined)
          throw new OcrHubError('job_unknown', { what: 'result', id: `${id}, page ${String(number)}` });
        return file('image/jpeg', picture);
      },
    },
  ];
}

async function statusOf(jobs: Jobs, job: Job, request: Request): Promise<object> {
  return toStatus(job, publicAddress(request), job.state === 'done' ? await jobs.answerOf(job.id, name) : undefined);
}

async function secretJob(jobs: Jobs, { params }: Request): Promise<Job> {
  const id = String(params['id']);
  const job = await jobs.find(id, name);
  if (!isSecret(String(params['secret']), job.secret)) throw new OcrHubError('job_unknown', { what: 'result', id });
  return job;
}

function file(contentType: string, body: string | Uint8Array): Reply {
  return { http: 200, contentType, body, status: '0', message: '' };
}
