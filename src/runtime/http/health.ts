import { Router } from 'express';
import type { Service } from '../service/contract.js';
import { page } from './page.js';

/** `/health/live`: the process runs. `/health/ready`: requests are answered. `/health`: modules, processes, counts. */
export function healthRoutes(service: Service): Router {
  return Router().use(
    page('/health/live', (_request, response) => {
      response.json({ status: 'live' });
    }),
    page('/health/ready', (_request, response) => {
      const { status, reason } = service.health();
      response.status(status === 'ready' ? 200 : 503).json({ status, reason });
    }),
    page('/health', (_request, response) => {
      response.json(service.health());
    }),
  );
}
