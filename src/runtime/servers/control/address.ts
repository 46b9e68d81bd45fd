import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { runtimeFolder } from '../../config/environment.js';
import type { Home } from '../../config/home.js';

/** The OS limits the name by which a socket is opened to about 100 bytes. */
export const maxPathBytes = 100;

/**
 * The control socket of the server on a port: `serving/<port>.sock` in the home folder, which other users cannot write into. Only
 * where the OS takes no longer path (`shortSocketPath`), a long one is replaced by one in a folder of this user in the folder for
 * temporary files. A command then finds it with the same spelling of the home folder and the same TMPDIR alone.
 */
export function controlAddress(home: Home, port: number): string {
  const name = createHash('sha256').update(home.root).digest('hex').slice(0, 12);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ocrhub-${name}-${port}`;
  const file = path.join(home.serving, `${port}.sock`);
  if (process.platform === 'linux' || Buffer.byteLength(file) < maxPathBytes) return file;
  return path.join(temporarySocketFolder(), `ocrhub-${name}-${port}.sock`);
}

/** The folder for sockets whose own path the OS does not take. */
export function temporarySocketFolder(): string {
  return path.join(runtimeFolder() ?? os.tmpdir(), `ocrhub-${process.getuid?.() ?? 0}`);
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
    Buffer.byteLength(control) < maxFileBytes &&
    new RegExp(`([/\\\\]serving[/\\\\]${port}\\.sock|[/\\\\]ocrhub-[0-9a-f]{12}-${port}(\\.sock)?)$`).test(control);
  return isLikely ? [control, own] : [own];
}

/** The longest path of a file. */
const maxFileBytes = 4096;
