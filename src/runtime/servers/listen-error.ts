import { OcrHubError } from '../errors/error.js';

/** Maps the error of `listen` to `port_in_use` or `host_unavailable`. */
export function toListenError(error: NodeJS.ErrnoException, host: string, port: number): OcrHubError {
  if (error.code === 'EADDRINUSE') return new OcrHubError('port_in_use', { port, holder: '' }, { cause: error });
  return new OcrHubError('host_unavailable', { host, port, problem: error.message }, { cause: error });
}
