import { Router } from 'express';
import type { Service } from '../service/contract.js';

export function metricsRoute(service: Service): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const { contentType, text } = await service.metrics();
    response.set('Content-Type', contentType).send(text);
  });
  return router;
}
