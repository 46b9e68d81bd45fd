import { Router, type RequestHandler } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import type { Endpoint, Protocol } from '../../protocol.js';
import { toErrorReply, toReply } from './envelope.js';
import { toOpenApi } from './openapi.js';
import { requestForm } from './json-request.js';
import { bodyTypes, parsePredictRequest } from './request.js';

/**
 * PaddleHub Serving's protocol: `POST /predict/<module>` with pictures as base64. ocrhub also takes files as they are, and forms
 * with files.
 *
 * @param allowUrls patterns of the hosts from which files are fetched; empty: none is
 * @param httpStatus200 answer HTTP 200 where HubServing does; `status` in the body has the outcome
 */
export function hubServing({ httpStatus200, allowUrls }: HubServingOptions): Protocol {
  return {
    requestForm,
    endpoints: [predict],
    pages: () => Router({ strict: true }).all('/', welcome),
    ownsPath: (path) => path === '/' || path.startsWith('/predict/'),
    toErrorReply: (error) => toErrorReply(error, httpStatus200),
    toOpenApi: (modules) => toOpenApi(modules, allowUrls.length > 0),
  };
}

export interface HubServingOptions {
  readonly httpStatus200: boolean;
  readonly allowUrls: readonly string[];
}

const predict: Endpoint = {
  path: '/predict/:module',
  bodyTypes,
  moduleOf: ({ params }) => String(params['module']),
  parse: parsePredictRequest,
  toReply,
};

/** The original's answer at `/`. */
const welcome: RequestHandler = (request, response) => {
  const allowed = 'GET, HEAD, OPTIONS, POST';
  if (!allowed.split(', ').includes(request.method)) {
    const { method, path, baseUrl } = request;
    throw new OcrHubError('method_not_allowed', { method, path: baseUrl + path, allowed });
  }
  if (request.method === 'OPTIONS') {
    response.set('Allow', allowed).end();
    return;
  }
  response
    .type('html')
    .send(
      '暂不提供可视化界面，请直接使用脚本进行请求。<br/>No visual interface is provided for the time being, please use the python script to make a request directly.',
    );
};
