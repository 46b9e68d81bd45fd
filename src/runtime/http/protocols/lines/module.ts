import { OcrHubError } from '../../../errors/error.js';
import type { ServiceDescription } from '../../../service/contract.js';

/**
 * The module that answers at an address which names none: that served as `ocr_system`, or else the only one.
 *
 * @param path the address, for the message
 * @throws OcrHubError `lines_module_missing`
 */
export function linesModule(path: string, served: readonly ServiceDescription[]): string {
  const routes = served.map(({ route }) => route);
  const [first] = routes;
  if (routes.includes('ocr_system')) return 'ocr_system';
  if (first === undefined || routes.length > 1) throw new OcrHubError('lines_module_missing', { path, served: routes });
  return first;
}
