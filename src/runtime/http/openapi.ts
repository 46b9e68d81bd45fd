import type { Router } from 'express';
import type { Service } from '../service/contract.js';
import { page } from './page.js';
import { statePaths } from './state-paths.js';
import type { Body, Operation, PathItem, PathMethod, Paths, Protocol } from './protocol.js';
import { publicPath } from './public-address.js';

/**
 * `GET /openapi.json`: the addresses of all protocols, with the fields of a request to each served module. `x-max-body` is the
 * largest body of a request in bytes, so that a client need not send a larger one.
 */
export function openApiRoute(service: Service, protocols: readonly Protocol[], maxBody: number): Router {
  return page('/openapi.json', (request, response) => {
    const { version } = service.health();
    const modules = service.describe();
    const parts = protocols.map((protocol) => protocol.toOpenApi(modules));
    response.json({
      openapi: '3.1.0',
      info: {
        title: 'ocrhub',
        version,
        description: 'OCR services. Each answers the pictures in the order they are sent.',
        'x-max-body': maxBody,
      },
      servers: [{ url: publicPath(request) || '/' }],
      // A server without a token takes requests without one.
      security: [{}, { token: [] }],
      paths: joinPaths([...parts.map(({ paths }) => paths), statePaths]),
      components: {
        schemas: Object.assign({}, ...parts.map(({ schemas }) => schemas)) as object,
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      },
    });
  });
}

/** Protocols with one address have different bodies, or answer differently to one kind of body. */
function joinPaths(parts: readonly Paths[]): Paths {
  const joined: Record<string, PathItem> = {};
  for (const [path, item] of parts.flatMap((paths) => Object.entries(paths))) {
    const before = joined[path];
    joined[path] = before === undefined ? item : joinItems(before, item);
  }
  return joined;
}

function joinItems(a: PathItem, b: PathItem): PathItem {
  const joined: Partial<Record<PathMethod, Operation>> = { ...a };
  for (const [method, operation] of Object.entries(b) as [PathMethod, Operation][]) {
    const before = a[method];
    joined[method] = before === undefined ? operation : joinOperations(before, operation);
  }
  return joined;
}

function joinOperations(a: Operation, b: Operation): Operation {
  const statuses = new Set([...Object.keys(a.responses), ...Object.keys(b.responses)]);
  const responses = [...statuses].map((status) => [status, joinBodies(a.responses[status], b.responses[status])]);
  return {
    ...a,
    summary: `${a.summary}, or: ${b.summary}`,
    ...(a.requestBody === undefined
      ? {}
      : { requestBody: { ...a.requestBody, ...joinBodies(a.requestBody, b.requestBody) } }),
    responses: Object.fromEntries(responses) as Operation['responses'],
  };
}

function joinBodies(a: Body | undefined, b: Body | undefined): Body {
  const content: Record<string, { readonly schema?: object }> = { ...a?.content };
  for (const [type, { schema = {} }] of Object.entries(b?.content ?? {})) {
    const before = content[type]?.schema;
    content[type] = { schema: before === undefined ? schema : { anyOf: [before, schema] } };
  }
  return { ...b, ...a, content };
}
