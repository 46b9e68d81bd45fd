import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Home } from '../../config/home.js';

/** The OS limits the path of a socket to about 100 bytes. */
const maxPathBytes = 100;

/**
 * The control socket of the server on a port: `serving/<port>.sock` in the home folder, or a short name in the temporary
 * folder if that path is too long. A command finds the short name only with the same spelling of the home folder and the
 * same TMPDIR.
 */
export function controlAddress(home: Home, port: number): string {
  const name = createHash('sha256').update(home.root).digest('hex').slice(0, 12);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ocrhub-${name}-${port}`;
  const file = path.join(home.serving, `${port}.sock`);
  return Buffer.byteLength(file) < maxPathBytes ? file : path.join(os.tmpdir(), `ocrhub-${name}-${port}.sock`);
}

/**
 * The addresses at which the server on a port may listen: that of its state, if it looks like one that `controlAddress` makes
 * with another spelling of the home folder or another TMPDIR, and the default one. A state file that was edited must not name
 * any other file.
 */
export function controlAddresses(
  home: Home,
  server: { readonly port: number; readonly control?: string | undefined },
): string[] {
  const { port, control } = server;
  const own = controlAddress(home, port);
  const isLikely =
    control !== undefined &&
    control !== own &&
    !control.includes('\0') &&
    Buffer.byteLength(control) < maxSocketBytes &&
    new RegExp(`([/\\\\]serving[/\\\\]${port}\\.sock|[/\\\\]ocrhub-[0-9a-f]{12}-${port}(\\.sock)?)$`).test(control);
  return isLikely ? [control, own] : [own];
}

/** The longest path that Linux takes. */
const maxSocketBytes = 108;
