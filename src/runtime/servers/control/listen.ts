import { lstat, rename, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { OcrHubError } from '../../errors/error.js';
import type { ServerState } from '../state/server-state.js';
import { temporarySocketFolder } from './address.js';
import { readLine } from './line.js';
import { shortSocketPath } from './socket-path.js';
import { parseRequest, type ControlReply, type ControlRequest } from './messages.js';

export type ControlHandler = (request: ControlRequest) => Promise<ServerState>;

export interface Control {
  /** Stops listening and removes the socket file, unless another server has replaced it. */
  close(): Promise<void>;
}

/** Listens on a control socket that only its owner may open. Replaces the file of a server that died on this port. */
export async function openControl(address: string, handle: ControlHandler): Promise<Control> {
  if (process.platform === 'win32') return listen(address, handle);
  // Node removes the file under the name it was opened with, even if another server owns that name by then. The socket
  // is therefore opened under another name and renamed.
  const opened = `${address}~`;
  const folder = path.dirname(address);
  if (folder === temporarySocketFolder()) await makeOwnFolder(folder);
  await rm(opened, { force: true });
  const socket = await shortSocketPath(opened);
  const control = await listen(socket.name, handle).catch(async (error: unknown) => {
    await socket.close();
    throw error;
  });
  // Node removes the name that it opened when the socket is closed, so the name must stay until then.
  const close = (): Promise<void> => control.close().finally(() => socket.close());
  try {
    const { ino, dev } = await lstat(opened);
    await rename(opened, address);
    const removeOwn = async (): Promise<void> => {
      // No other file of this file system can get this inode while the socket is open.
      const current = await lstat(address).catch(() => undefined);
      if (current?.ino === ino && current.dev === dev) await rm(address, { force: true });
    };
    return { close: () => removeOwn().finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The folder for sockets among temporary files, where another user may have made one of this name. */
async function makeOwnFolder(folder: string): Promise<void> {
  await makeFolder(folder, 0o700);
  const { uid, mode } = await lstat(folder);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    const problem = 'other users may write into it, and the path of the home folder is too long for a socket';
    throw new OcrHubError('home_unusable', { folder, problem, holdsDefaults: false });
  }
}

async function listen(address: string, handle: ControlHandler): Promise<Control> {
  const server = createServer((socket) => {
    // A command that hangs up is no error of the server.
    answer(socket, handle).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The folder may be open to everybody (/tmp). Only the umask restricts the socket from its first moment on.
    const previous = process.umask(0o177);
    server.listen(address, resolve);
    process.umask(previous);
  });
  return {
    // A command that is still connected holds back the callback, and the name is removed before that.
    close: () => {
      server.close();
      return Promise.resolve();
    },
  };
}

async function answer(socket: Socket, handle: ControlHandler): Promise<void> {
  socket.on('error', () => undefined);
  const reply = await replyTo(await readLine(socket), handle);
  socket.end(`${JSON.stringify(reply)}\n`);
}

async function replyTo(line: string, handle: ControlHandler): Promise<ControlReply> {
  try {
    return { state: await handle(parseRequest(line)) };
  } catch (error) {
    return { error: OcrHubError.of(error).toJSON() };
  }
}
