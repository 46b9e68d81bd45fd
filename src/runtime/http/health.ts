import { Router } from 'express';
import type { Service } from '../service/contract.js';

/** `/health/live`: the process runs. `/health/ready`: requests are answered. `/health`: modules, processes, counts. */
export function healthRoutes(service: Service): Router {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'live' });
  });
  router.get('/health/ready', (_request, response) => {
    const { status, reason } = service.health();
    response.status(status === 'ready' ? 200 : 503).json({ status, reason });
  });
  router.get('/health', (_request, response) => {
    response.json(service.health());
  });
  return router;
}
