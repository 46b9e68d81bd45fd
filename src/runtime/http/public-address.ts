import type { Request } from 'express';
import { clientView } from './access/forwarded.js';

/**
 * The address under which the client reaches this server, without a slash at its end. An address of the server in an answer
 * begins with it: `https://ocr.example.com/tools/ocr` for a request to `https://ocr.example.com/tools/ocr/predict/m` if the
 * server has the option base_path `/ocr` and a trusted proxy says the prefix `/tools`.
 */
export function publicAddress(request: Request): string {
  const { protocol, host } = clientView(request);
  return `${protocol}://${host ?? ownAddress(request)}${publicPath(request)}`;
}

/** The path in `publicAddress`; empty without a prefix. */
export function publicPath(request: Request): string {
  return clientView(request).prefix + basePathOf(request);
}

/** The option base_path, which the app has as a setting. */
export function basePathOf(request: Request): string {
  return String(request.app.get(basePathSetting) ?? '');
}

export const basePathSetting = 'base path';

/** For a request without a host, as HTTP/1.0 allows. */
function ownAddress({ socket: { localAddress = '127.0.0.1', localPort = 80 } }: Request): string {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}
