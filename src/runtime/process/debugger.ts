import inspector from 'node:inspector';
import { createServer } from 'node:net';
import { OcrHubError } from '../errors/error.js';

/** The port on which debuggers look for Node. */
export const defaultDebugPort = 9229;

/**
 * Waits until a debugger is attached to this process.
 *
 * @throws OcrHubError `debug_port_in_use`
 */
export async function waitForDebugger(port: number): Promise<void> {
  // NODE_OPTIONS may have opened the inspector already.
  if (inspector.url() === undefined) {
    // If the port is taken, Node only prints a warning and continues.
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
