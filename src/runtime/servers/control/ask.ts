import { lstat, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { toState, type ServerState } from '../state/server-state.js';
import { controlAddresses } from './address.js';
import { readLine } from './line.js';
import { shortSocketPath } from './socket-path.js';
import { replyTimeoutMs, type ControlReply, type ControlRequest } from './messages.js';

/** The server to ask: its port, and the address in its state, if the state is known. */
export type AskedServer = Pick<ServerState, 'port'> & Partial<Pick<ServerState, 'control'>>;

/**
 * Sends a request to a server's control socket and returns the state that the server replies with.
 *
 * @throws OcrHubError `control_unreachable`, or the error that the server replies with
 */
export async function askServer(home: Home, server: AskedServer, request: ControlRequest): Promise<ServerState> {
  const { port } = server;
  try {
    const address = await findAddress(home, server);
    const socket = await shortSocketPath(address);
    const text = await exchange(socket.name, `${JSON.stringify(request)}\n`, replyTimeoutMs[request.action]).finally(
      () => socket.close(),
    );
    if (!text.endsWith('\n')) throw new Error('it closed the connection');
    const reply = JSON.parse(text) as ControlReply;
    if ('error' in reply) throw OcrHubError.from(reply.error);
    const state = toState(reply.state, port);
    if (state === undefined) throw new Error('its reply is not a server state');
    return state;
  } catch (error) {
    if (OcrHubError.is(error)) throw error;
    throw new OcrHubError('control_unreachable', { port, problem: (error as Error).message }, { cause: error });
  }
}

/** The address in the state, or else the default one: a server in a container may know the home folder by another name. */
async function findAddress(home: Home, server: AskedServer): Promise<string> {
  const [first = '', second] = controlAddresses(home, server);
  if (second === undefined) return requireOwn(home, first);
  return requireOwn(home, first).catch((error: unknown) =>
    requireOwn(home, second).catch(() => {
      throw error;
    }),
  );
}

/**
 * Refuses a socket of another user. Commands trust the reply: they may kill the process it names and build its modules,
 * and every user can create a socket in the temporary folder. Root may ask a server of the owner of the home folder.
 */
async function requireOwn(home: Home, address: string): Promise<string> {
  if (process.platform === 'win32') return address;
  const [socket, folder] = await Promise.all([lstat(address), stat(home.serving).catch(() => undefined)]);
  if (!socket.isSocket()) throw new Error(`${address} is not a socket`);
  if (![process.getuid?.(), folder?.uid].includes(socket.uid)) throw new Error(`${address} belongs to another user`);
  return address;
}

function exchange(address: string, text: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address, () => socket.write(text));
    const timer = setTimeout(() => socket.destroy(new Error(`no reply after ${timeoutMs / 1000} s`)), timeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
    socket.once('error', reject);
    readLine(socket)
      .then(resolve, reject)
      .finally(() => socket.destroy());
  });
}
