import type { Request } from 'express';
import { isPdf } from '../../../document/file-format.js';
import { OcrHubError } from '../../../errors/error.js';
import type { Job } from '../../../jobs/job.js';
import type { Jobs } from '../../../jobs/jobs.js';
import { publicAddress } from '../../public-address.js';
import { fileBody, jsonBody } from '../../body/read-body.js';
import type { Endpoint, Protocol, Reply, Resource } from '../../protocol.js';
import { linesModule } from '../lines/module.js';
import { linesOfFile } from '../lines/pages.js';
import { toError, toErrorReply } from './errors.js';
import { openApiOf } from './openapi.js';
import { families, parseAnalyze, requestForm, type AnalyzeData, type AnalyzeRequest } from './request.js';
import { toAnalyzeResult, toOperation } from './result.js';

const name = 'azure';

/** The models read and layout of Azure Document Intelligence, which was called Form Recognizer. */
export function azure({ jobs, allowUrls }: AzureOptions): Protocol {
  const paths = families.map((family) => `/${family}/documentModels/:model`);
  return {
    requestForm,
    endpoints: paths.map((path) => analyze(`${path}\\:analyze`, jobs)),
    resources: paths.flatMap((path) => results(`${path}/analyzeResults/:id`, jobs)),
    ownsPath: (path) => families.some((family) => path.startsWith(`/${family}/`)),
    toErrorReply,
    toOpenApi: () => ({ paths: openApiOf(allowUrls.length > 0), schemas: {} }),
  };
}

interface AzureOptions {
  readonly jobs: Jobs;
  readonly allowUrls: readonly string[];
}

function analyze(path: string, jobs: Jobs): Endpoint {
  return {
    path,
    bodyTypes: [jsonBody, fileBody],
    moduleOf: (request, served) => linesModule(request.path, served),
    parse: parseAnalyze,
    async accept(work, { request, requestId, token, parsed, files: [file] }) {
      const { data } = parsed as AnalyzeRequest;
      const id = await jobs.submit({
        work,
        requestId,
        token,
        protocol: name,
        data: { ...data, isPdf: file !== undefined && isPdf(file.bytes) },
      });
      const { family, model, apiVersion } = data;
      const place = `${family}/documentModels/${model}/analyzeResults/${id}?api-version=${apiVersion}`;
      const headers = {
        'Operation-Location': `${publicAddress(request)}/${place}`,
        'apim-request-id': requestId,
        'Retry-After': '1',
      };
      return { http: 202, headers, contentType: 'json', body: '', status: 'running', message: '' };
    },
  };
}

/** An operation, its searchable PDF file, and its removal. */
function results(path: string, jobs: Jobs): Resource[] {
  return [
    { method: 'get', path, answer: (request) => toOperationReply(jobs, request) },
    {
      method: 'get',
      path: `${path}/pdf`,
      async answer(request) {
        const { id } = await jobOf(jobs, request);
        await jobs.answerOf(id, name);
        const pdf = await jobs.outputOf(id);
        if (pdf === undefined) throw new OcrHubError('job_unknown', { what: 'result', id: `${id} with output=pdf` });
        return { http: 200, contentType: 'application/pdf', body: pdf, status: 'succeeded', message: '' };
      },
    },
    {
      method: 'delete',
      path,
      async answer(request) {
        const { id } = await jobOf(jobs, request);
        await jobs.remove(id, name);
        return { http: 204, contentType: 'json', body: '', status: 'deleted', message: '' };
      },
    },
  ];
}

async function toOperationReply(jobs: Jobs, request: Request): Promise<Reply> {
  const job = await jobOf(jobs, request);
  const { id, state, error, route } = job;
  const data = job.data as StoredData;
  const isWaiting = state === 'waiting' || state === 'running';
  const rest =
    error !== undefined
      ? { error: toError(error) }
      : isWaiting
        ? {}
        : { analyzeResult: toAnalyzeResult(linesOfFile(await jobs.answerOf(id, name), route), data, data.isPdf) };
  const body = JSON.stringify(toOperation(job, rest));
  const headers: Record<string, string> = isWaiting ? { 'Retry-After': '1' } : {};
  return { http: 200, headers, contentType: 'json', body, status: state, message: '' };
}

/** A job is found at the address under which it was made. */
async function jobOf(jobs: Jobs, { params, path }: Request): Promise<Job> {
  const id = String(params['id']);
  const job = await jobs.find(id, name);
  const { family, model } = job.data as StoredData;
  if (model !== params['model'] || !path.startsWith(`/${family}/`)) {
    throw new OcrHubError('job_unknown', { what: 'result', id });
  }
  return job;
}

interface StoredData extends AnalyzeData {
  readonly isPdf: boolean;
}
