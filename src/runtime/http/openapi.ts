import { Router } from 'express';
import type { Service } from '../service/contract.js';
import type { Protocol } from './protocol.js';

/** `GET /openapi.json`: the addresses of all protocols, with the fields of a request to each served module. */
export function openApiRoute(service: Service, protocols: readonly Protocol[]): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    const { version } = service.health();
    const modules = service.describe();
    const parts = protocols.map((protocol) => protocol.toOpenApi(modules));
    response.json({
      openapi: '3.1.0',
      info: {
        title: 'ocrhub',
        version,
        description: 'OCR services. Each answers the pictures in the order they are sent.',
      },
      // A server without a token takes requests without one.
      security: [{}, { token: [] }],
      paths: Object.assign({}, ...parts.map(({ paths }) => paths)) as object,
      components: {
        schemas: Object.assign({}, ...parts.map(({ schemas }) => schemas)) as object,
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      },
    });
  });
  return router;
}
