import { lstat, readdir, rm } from 'node:fs/promises';
import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { controlAddresses } from '../control/address.js';
import { askServer } from '../control/ask.js';
import { pidOfServerOn } from '../health.js';
import { isAlive } from './liveness.js';
import { readStateFile, removeStateFile } from './state-file.js';
import type { ServerState } from './server-state.js';
import { ifMissing } from '../../files/missing.js';

/**
 * The state of the server on a port: from its state file, or from the server itself if the file is missing or damaged.
 * Undefined if there is neither. The server may have died since it wrote the file.
 */
export async function findState(home: Home, port: number): Promise<ServerState | undefined> {
  const fromFile = await readStateFile(home, port);
  return fromFile ?? (await askServer(home, { port }, { action: 'describe' }).catch(() => undefined));
}

/** @throws OcrHubError `server_not_found` with the ports of the running servers, `server_of_other_home` */
export async function requireState(home: Home, port: number): Promise<ServerState> {
  const state = await findState(home, port);
  if (state !== undefined) return state;
  const others = await listStates(home);
  const alive = await Promise.all(others.map((other) => isAlive(home, other)));
  const ports = others.filter((_, i) => alive[i]).map((other) => other.port);
  throw await notFound(home, port, ports);
}

/** @param ports those of the running servers of the home folder */
export async function notFound({ root: home }: Home, port: number, ports: readonly number[]): Promise<OcrHubError> {
  const pid = await pidOfServerOn(port);
  if (pid !== undefined) return new OcrHubError('server_of_other_home', { port, home, pid });
  return new OcrHubError('server_not_found', { port, home, ports });
}

/** The states of all servers that left a state file, a socket or a log, sorted by port. They may have died. */
export async function listStates(home: Home): Promise<ServerState[]> {
  // A lost state file may leave only the log: with a long home folder, and on Windows, the socket is elsewhere.
  const files = await Promise.all(
    [home.serving, home.logs].map((folder) => readdir(folder).catch(ifMissing<string[]>([]))),
  );
  const ports = new Set(
    files
      .flat()
      .flatMap((file) => /^(\d+)\./.exec(file)?.[1] ?? [])
      .map(Number),
  );
  const states = await Promise.all([...ports].sort((a, b) => a - b).map((port) => findState(home, port)));
  return states.filter((state) => state !== undefined);
}

/** Removes a server's state file and socket, unless another server has taken the port. */
export async function removeState(
  home: Home,
  { port, instance }: Pick<ServerState, 'port' | 'instance'>,
): Promise<void> {
  const current = await findState(home, port);
  if (current !== undefined && current.instance !== instance) return;
  await removeStateFile(home, port);
  if (process.platform === 'win32') return;
  for (const address of controlAddresses(home, { port, control: current?.control })) {
    const info = await lstat(address).catch(() => undefined);
    if (info?.isSocket() === true) await rm(address, { force: true });
  }
}
