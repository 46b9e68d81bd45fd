import { Router } from 'express';
import { OcrHubError } from '../../src/runtime/errors/error.js';
import type { Protocol, Reply } from '../../src/runtime/http/protocol.js';

/**
 * A second protocol for tests. It differs from HubServing's as much as possible: the body is the picture itself, the answer
 * is one JSON text per line, and an error is a line of text.
 */
export function plainProtocol(): Protocol {
  return {
    requestForm: 'the bytes of a picture',
    endpoints: [
      {
        path: '/plain/:module/read',
        bodyTypes: [{ name: 'application/octet-stream', pattern: /^application\/octet-stream$/ }],
        moduleOf: ({ params }) => String(params['module']),
        parse: (body, { query, headers }) => ({
          files: [{ bytes: body, name: '' }],
          fields: { ...query, language: headers['content-language'] },
        }),
        toReply({ results, files: [file] }, { request }) {
          const [page] = file?.pages ?? [];
          const lines = results.kind === 'entries' ? results.entries : [results.json];
          const size = `${page?.width} x ${page?.height}`;
          const separator = request.get('accept') === 'text/csv' ? ',' : '\n';
          const body = [size, ...lines, ''].join(separator);
          return { http: 201, contentType: 'text', body, status: 'OK', message: '' };
        },
      },
      {
        method: 'put',
        path: '/plain/:module/jobs',
        bodyTypes: [{ name: 'application/octet-stream', pattern: /^application\/octet-stream$/ }],
        moduleOf: ({ params }) => String(params['module']),
        parse: (body) => ({ files: [{ bytes: body, name: '' }], fields: {} }),
        accept: ({ files: [file] }) => Promise.resolve({ ...plain(202, `${file?.bytes.length} bytes`), headers }),
      },
    ],
    resources: [
      { method: 'get', path: '/plain/jobs/:id', answer: ({ params }) => Promise.resolve(plain(200, params['id'])) },
      {
        method: 'get',
        path: '/plain/open/:id',
        isOpen: true,
        answer: () => Promise.reject(new OcrHubError('module_not_served', { name: 'it' })),
      },
      {
        method: 'post',
        path: '/plain/jobs/:id',
        bodyTypes: [{ name: 'text/plain', pattern: /^text\/plain/ }],
        answer: (_request, body) => Promise.resolve(plain(200, Buffer.from(body).toString())),
      },
    ],
    pages: () =>
      Router().get('/plain', (_request, response) => {
        response.type('text').send('POST a picture to /plain/<module>/read\n');
      }),
    ownsPath: (path) => path.startsWith('/plain/'),
    toOpenApi: (modules) => ({
      paths: Object.fromEntries(
        modules.map(({ route }) => [
          `/plain/${route}/read`,
          { post: { summary: 'Lines', requestBody: { required: true, content: {} }, responses: { '201': lines } } },
        ]),
      ),
      schemas: { Lines: { type: 'string' } },
    }),
    toErrorReply({ kind, code, message, httpStatus }) {
      const body = `ERROR ${kind} ${code}: ${message}\n`;
      return { http: httpStatus, contentType: 'text', body, status: 'ERROR', message };
    },
  };
}

const headers = { Location: '/plain/jobs/1' };

function plain(http: number, body: unknown): Reply {
  return { http, contentType: 'text', body: String(body), status: 'OK', message: '' };
}

const lines = {
  description: 'The lines.',
  content: { 'text/plain': { schema: { $ref: '#/components/schemas/Lines' } } },
};
