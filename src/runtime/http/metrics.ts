import type { Router } from 'express';
import type { Service } from '../service/contract.js';
import { page } from './page.js';

export function metricsRoute(service: Service): Router {
  return page('/metrics', async (_request, response) => {
    const { contentType, text } = await service.metrics();
    response.set('Content-Type', contentType).send(text);
  });
}
