import { pathToFileURL } from 'node:url';
import { OcrHubError } from '../errors.js';
import { toServiceModule, type ServiceModule } from '../module.js';
import type { InspectMessage } from './inspect.js';
import { checkName, checkVersion } from './module-id.js';
import { describeParameters } from './parameters.js';

/* Entry of the process in which `install` loads a bundle once: `inspect-process.js <bundle> <package folder>`. */

const [, , bundle = '', folder = ''] = process.argv;

async function inspect(): Promise<InspectMessage> {
  try {
    const exported = (await import(pathToFileURL(bundle).href)) as { default?: unknown };
    return { module: describe(toServiceModule(exported.default, folder)) };
  } catch (error) {
    const known =
      error instanceof OcrHubError
        ? error
        : new OcrHubError('module_load_failed', { folder, problem: (error as Error).stack ?? String(error) });
    return { error: known.toJSON() };
  }
}

function describe(module: ServiceModule) {
  return {
    name: checkName(module.name),
    version: checkVersion(module.name, module.version),
    summary: module.summary ?? '',
    author: module.author ?? '',
    parameters: describeParameters(module, folder),
  };
}

process.send?.(await inspect());
