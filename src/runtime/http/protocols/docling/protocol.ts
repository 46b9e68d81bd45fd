import type { Request } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../jobs/job.js';
import type { Jobs } from '../../../jobs/jobs.js';
import { check, z } from '../../../values/check.js';
import { formBody, jsonBody, type BodyType } from '../../body/read-body.js';
import type { Endpoint, Protocol, Resource } from '../../protocol.js';
import { linesModule } from '../lines/module.js';
import { toConverted, toErrorReply, toTask } from './answer.js';
import { openApiOf } from './openapi.js';
import { parseFile, parseSource, requestForm, type ConvertData, type ConvertRequest } from './request.js';

const name = 'docling';

/** docling-serve's conversion of files, at once or as a job. */
export function docling({ jobs, allowUrls }: { readonly jobs: Jobs; readonly allowUrls: readonly string[] }): Protocol {
  return {
    requestForm,
    endpoints: [
      ...convert('/v1/convert/file', [formBody], parseFile, jobs),
      ...convert('/v1/convert/source', [jsonBody], parseSource, jobs),
    ],
    resources: tasks(jobs),
    ownsPath: (path) => /^\/v1\/(convert|status|result)\//.test(path),
    toErrorReply,
    toOpenApi: () => ({ paths: openApiOf(allowUrls.length > 0), schemas: {} }),
  };
}

function convert(path: string, bodyTypes: readonly BodyType[], parse: Endpoint['parse'], jobs: Jobs): Endpoint[] {
  const base = {
    bodyTypes,
    parse,
    moduleOf: ((_request, served) => linesModule(path, served)) as Endpoint['moduleOf'],
  };
  return [
    {
      ...base,
      path,
      toReply: (answer, { module, parsed }) => toConverted(answer, module.route, (parsed as ConvertRequest).data),
    },
    {
      ...base,
      path: `${path}/async`,
      async accept(work, { requestId, token, parsed }) {
        const { data } = parsed as ConvertRequest;
        const id = await jobs.submit({ work, requestId, token, protocol: name, data });
        return toTask(await jobs.find(id, name));
      },
    },
  ];
}

function tasks(jobs: Jobs): Resource[] {
  return [
    { method: 'get', path: '/v1/status/poll/:id', answer: async (request) => toTask(await ended(jobs, request)) },
    {
      method: 'get',
      path: '/v1/result/:id',
      async answer({ params }) {
        const { id, route, data } = await jobs.find(String(params['id']), name);
        return toConverted(await jobs.answerOf(id, name), route, data as ConvertData);
      },
    },
  ];
}

/** Seconds for which a client may wait for the end of a job. */
const maxWait = 30;

const pollQuery = z.strictObject({ wait: z.coerce.number('expected seconds from 0').min(0).default(0) });

/** The job when it has ended, or after `wait` seconds. */
async function ended(jobs: Jobs, { params, query }: Request): Promise<Job> {
  const { wait } = check(pollQuery, query, 'The query', { noun: 'parameter' });
  const until = performance.now() + Math.min(wait, maxWait) * 1000;
  for (;;) {
    const job = await jobs.find(String(params['id']), name);
    if (job.state === 'done' || job.state === 'failed' || performance.now() >= until) return job;
    await sleep(200);
  }
}
