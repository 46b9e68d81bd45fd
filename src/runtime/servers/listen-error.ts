import { OcrHubError } from '../errors/error.js';

/** Why a port cannot be listened on. */
export function toListenError(error: NodeJS.ErrnoException, host: string, port: number): OcrHubError {
  if (error.code === 'EADDRINUSE') return new OcrHubError('port_in_use', { port, holder: '' }, { cause: error });
  return new OcrHubError('host_unavailable', { host, port, problem: error.message }, { cause: error });
}
