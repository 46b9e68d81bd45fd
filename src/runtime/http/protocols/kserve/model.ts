import { OcrHubError } from '../../../errors/error.js';
import type { ServiceDescription } from '../../../service/contract.js';
import { linesModule } from '../lines/module.js';

/** The name of the model by which docling and PaddleX ask for lines of text. */
export const linesModel = 'ocr';

/**
 * The module behind a model: that served under its name; `ocr` is also the module that answers lines.
 *
 * @param path of the request, for the message
 * @throws OcrHubError `lines_module_missing`, `model_version_unknown`
 */
export function modelOf({ model, version }: ModelAddress, path: string, served: readonly ServiceDescription[]): string {
  const name = String(model);
  const isServed = served.some(({ route }) => route === name);
  const route = !isServed && name === linesModel ? linesModule(path, served) : name;
  const found = served.find((each) => each.route === route);
  if (found !== undefined && version !== undefined && version !== found.version) {
    throw new OcrHubError('model_version_unknown', { model: name, version: String(version), served: found.version });
  }
  return route;
}

/** The parameters of an address. */
export interface ModelAddress {
  readonly model?: string | string[];
  readonly version?: string | string[];
}
