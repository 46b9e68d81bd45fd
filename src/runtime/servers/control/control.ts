import { createHash } from 'node:crypto';
import { lstat, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { OcrHubError, type SerializedError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import type { ServedModule } from '../../options/serve-options.js';
import type { ServerState } from '../state/server-state.js';
import { toState } from '../state/server-state.js';

/*
 * How a command speaks to a running server: one JSON line each way, over a local socket (a named pipe on Windows) that
 * only this user can open. Signals would not do: Windows has none that let a process finish its work.
 */

export type ControlRequest =
  /** Answered at once; for whoever finds no state file that can be read. */
  | { readonly action: 'tell' }
  /** Answered when the server has begun to drain. */
  | { readonly action: 'stop' }
  /** Answered when the new modules have made their first inference and taken over. */
  | { readonly action: 'reload'; readonly modules: readonly ServedModule[] };

type ControlReply = { readonly state: ServerState } | { readonly error: SerializedError };

export type ControlHandler = (request: ControlRequest) => Promise<ServerState>;

/** How long a server may take to reply; one that is stuck never does. Milliseconds. */
const replyTimeout = { tell: 2000, stop: 2000, reload: 180_000 };

export interface Control {
  /** Ends it, and removes the socket unless another server has put its own in the place. */
  close(): Promise<void>;
}

/** Opens the socket, for its owner alone, in the place of what a server that died on this port left behind. */
export async function openControl(address: string, handle: ControlHandler): Promise<Control> {
  if (process.platform === 'win32') return listen(address, handle);
  // The name under which a socket was opened is removed when it is closed, whosever it is by then; so it is another one.
  const opened = `${address}~`;
  await rm(opened, { force: true });
  const control = await listen(opened, handle);
  try {
    const { ino } = await lstat(opened);
    await rename(opened, address);
    const removeOwn = async (): Promise<void> => {
      // While it is open no other file gets its number.
      const there = await lstat(address).catch(() => undefined);
      if (there?.ino === ino) await rm(address, { force: true });
    };
    return { close: () => removeOwn().finally(() => control.close()) };
  } catch (error) {
    await control.close();
    throw error;
  }
}

async function listen(address: string, handle: ControlHandler): Promise<Control> {
  const server = createServer((socket) => {
    // A command that hangs up does not concern the server.
    serve(socket, handle).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // It may lie where everybody has access, and what it allows from its first moment on is a matter of the mask alone.
    const usual = process.umask(0o177);
    server.listen(address, resolve);
    process.umask(usual);
  });
  return {
    close: () => {
      server.close();
      return Promise.resolve();
    },
  };
}

/** The server that is asked: its port, and where its state says that it listens, where there is one. */
export type AskedServer = Pick<ServerState, 'port'> & Partial<Pick<ServerState, 'control'>>;

/**
 * Asks a server for something.
 *
 * @throws OcrHubError `control_unreachable`, and what the server answers
 */
export async function askServer(home: Home, server: AskedServer, request: ControlRequest): Promise<ServerState> {
  const { port } = server;
  try {
    const address = await socketOf(home, server);
    const text = await exchange(address, `${JSON.stringify(request)}\n`, replyTimeout[request.action]);
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

/**
 * Where its state says, or else where a server of this home folder has it: to one in a container the folder may have
 * another name.
 */
async function socketOf(home: Home, { port, control }: AskedServer): Promise<string> {
  const usual = controlAddress(home, port);
  if (control === undefined || control === usual) return requireOwn(home, usual);
  return requireOwn(home, control).catch((error: unknown) =>
    requireOwn(home, usual).catch(() => {
      throw error;
    }),
  );
}

/**
 * What a server says is believed: its process may be killed and its modules built. Among the temporary files anybody
 * may open a socket of that name first. Root may speak to the server of whoever owns the home folder.
 */
async function requireOwn(home: Home, address: string): Promise<string> {
  if (process.platform === 'win32') return address;
  const [socket, folder] = await Promise.all([lstat(address), stat(home.serving).catch(() => undefined)]);
  if (!socket.isSocket()) throw new Error(`${address} is not a socket`);
  if (![process.getuid?.(), folder?.uid].includes(socket.uid)) throw new Error(`${address} belongs to another user`);
  return address;
}

/**
 * Where a server opens the socket of a port. Socket paths end at about 100 bytes; a longer home folder gets a short
 * name among the temporary files, which another spelling of the folder or another TMPDIR would not find again.
 */
export function controlAddress(home: Home, port: number): string {
  const name = createHash('sha256').update(home.root).digest('hex').slice(0, 12);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ocrhub-${name}-${port}`;
  const file = path.join(home.serving, `${port}.sock`);
  return Buffer.byteLength(file) < 100 ? file : path.join(os.tmpdir(), `ocrhub-${name}-${port}.sock`);
}

async function serve(socket: Socket, handle: ControlHandler): Promise<void> {
  socket.on('error', () => undefined);
  const line = await readLine(socket);
  const reply = await answer(line, handle);
  socket.end(`${JSON.stringify(reply)}\n`);
}

async function answer(line: string, handle: ControlHandler): Promise<ControlReply> {
  try {
    return { state: await handle(JSON.parse(line) as ControlRequest) };
  } catch (error) {
    return { error: OcrHubError.of(error).toJSON() };
  }
}

function exchange(address: string, text: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address, () => socket.write(text));
    const timer = setTimeout(() => socket.destroy(new Error(`no reply after ${timeout / 1000} s`)), timeout);
    socket.once('close', () => {
      clearTimeout(timer);
    });
    socket.once('error', reject);
    readLine(socket)
      .then(resolve, reject)
      .finally(() => socket.destroy());
  });
}

/** Characters that no request and no reply has; a server with a hundred modules tells a twentieth. */
const longestLine = 4 * 1024 ** 2;

/** Everything up to the first line end, or to the end of the connection. */
async function readLine(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8').iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
    text += chunk;
    if (chunk.includes('\n')) break;
    if (text.length > longestLine) throw new Error(`its line has more than ${longestLine} characters`);
  }
  return text;
}
