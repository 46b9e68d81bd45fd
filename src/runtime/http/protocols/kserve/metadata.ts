import { Router, type Request } from 'express';
import { OcrHubError } from '../../../errors/error.js';
import type { Service, ServiceDescription } from '../../../service/contract.js';
import { page } from '../../page.js';
import { linesModel, modelOf } from './model.js';
import { lineOutputs, resultsOutput } from './outputs.js';

/** What a client asks about the server and its models. */
export function metadataPages(service: Service): Router {
  const router = Router();
  const isReady = (): boolean => service.health().status === 'ready';
  router.use(
    page('/v2', (_request, response) => {
      response.json({ name: 'ocrhub', version: service.health().version, extensions: ['binary_tensor_data'] });
    }),
    page('/v2/health/live', (_request, response) => {
      response.json({ live: true });
    }),
    page('/v2/health/ready', (_request, response) => {
      response.status(isReady() ? 200 : 503).json({ ready: isReady() });
    }),
    page('/v2/models', (_request, response) => {
      response.json({ models: modelNames(service.describe()) });
    }),
  );
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    router.use(
      page(path, (request, response) => {
        const { name, version } = askedModel(request, service);
        response.json({ name, versions: [version], platform: 'ocrhub', inputs, outputs });
      }),
      page(`${path}/ready`, (request, response) => {
        const { name } = askedModel(request, service);
        response.status(isReady() ? 200 : 503).json({ name, ready: isReady() });
      }),
    );
  }
  return router;
}

/** The names under which modules are served, and `ocr` if one of them answers at it. */
export function modelNames(served: readonly ServiceDescription[]): string[] {
  const routes = served.map(({ route }) => route);
  const hasLines = routes.includes('ocr_system') || routes.length === 1;
  return hasLines && !routes.includes(linesModel) ? [linesModel, ...routes] : routes;
}

/** @throws OcrHubError `module_not_served`, `model_version_unknown`, `lines_module_missing` */
function askedModel(request: Request, service: Service): { readonly name: string; readonly version: string } {
  const served = service.describe();
  const route = modelOf(request.params, request.path, served);
  const found = served.find((each) => each.route === route);
  if (found === undefined) throw new OcrHubError('module_not_served', { name: route });
  return { name: String(request.params['model']), version: found.version };
}

const inputs = [
  { name: 'image', datatype: 'BYTES', shape: [-1] },
  { name: 'image', datatype: 'UINT8', shape: [-1, -1, -1, 3] },
];

const outputs = Object.entries({ ...lineOutputs, ...resultsOutput }).map(([name, type]) => ({ name, ...type }));
