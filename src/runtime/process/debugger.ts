import inspector from 'node:inspector';
import { createServer } from 'node:net';
import { OcrHubError } from '../errors/error.js';

/** Where debuggers look. */
export const usualDebugPort = 9229;

/**
 * Waits until a debugger has come to this process.
 *
 * @throws OcrHubError `debug_port_in_use`
 */
export async function waitForDebugger(port: number): Promise<void> {
  // NODE_OPTIONS may have opened one already.
  if (inspector.url() === undefined) {
    // Node would print a line of its own about a port that is taken, and go on.
    if (!(await isFree(port))) throw new OcrHubError('debug_port_in_use', { port });
    inspector.open(port, '127.0.0.1');
  }
  if (inspector.url() === undefined) throw new OcrHubError('debug_port_in_use', { port });
  inspector.waitForDebugger();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
