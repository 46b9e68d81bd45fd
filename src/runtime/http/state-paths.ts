import type { Paths } from './protocol.js';

const ready = {
  type: 'object',
  required: ['status', 'reason'],
  properties: { status: { type: 'string' }, reason: { type: 'string' } },
};

const health = {
  type: 'object',
  required: ['status', 'reason', 'version', 'modules', 'models', 'processes', 'queued', 'served', 'failed', 'latency'],
  properties: {
    ...ready.properties,
    version: { type: 'string' },
    modules: { type: 'array' },
    models: { type: 'array' },
    processes: { type: 'array' },
    queued: { type: 'integer', minimum: 0 },
    served: { type: 'integer', minimum: 0 },
    failed: { type: 'integer', minimum: 0 },
    latency: { type: ['object', 'null'], description: 'Milliseconds over the latest requests.' },
  },
};

const json = (schema: object) => ({ 'application/json': { schema } });

/** The part of /openapi.json for the addresses that tell the state of the server. */
export const statePaths: Paths = {
  '/health/live': {
    get: {
      operationId: 'live',
      summary: 'Whether the process runs',
      responses: { '200': { description: 'It runs.', content: json({ type: 'object', required: ['status'] }) } },
    },
  },
  '/health/ready': {
    get: {
      operationId: 'ready',
      summary: 'Whether requests are answered',
      responses: {
        '200': { description: 'They are.', content: json(ready) },
        '503': { description: 'They are not, with the reason.', content: json(ready) },
      },
    },
  },
  '/health': {
    get: {
      operationId: 'health',
      summary: 'Version, modules, models, processes, counters, latency',
      responses: { '200': { description: 'The state.', content: json(health) } },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Counters for Prometheus',
      responses: {
        '200': { description: 'Text of Prometheus.', content: { 'text/plain': { schema: { type: 'string' } } } },
      },
    },
  },
};
