import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import type { Home } from '../config/home.js';
import { isAlive } from './state/liveness.js';
import { toListenError } from './listen-error.js';
import type { StartedMessage, StartMessage } from './start-messages.js';
import type { ServeOptions } from '../options/serve-options.js';
import { spawnServer } from './spawn-server.js';
import { readState, removeState } from './state/state-file.js';
import type { ServerState } from './state/server-state.js';

/** A server that is not ready after this long will not be. Milliseconds. */
const startTimeout = 180_000;

/**
 * What must hold before a server is started, detached or not.
 *
 * @throws OcrHubError `port_in_use`, naming our own server if it is one; `host_unavailable`
 */
export async function prepareStart(home: Home, options: ServeOptions): Promise<void> {
  await checkPort(home, options);
  await makeFolder(home.logs);
  await makeFolder(home.serving, 0o700);
}

/**
 * Starts a detached server and waits until it has made its first inference.
 *
 * @throws OcrHubError whatever keeps the server from starting, with the last lines that it printed
 */
export async function launchServer(home: Home, options: ServeOptions): Promise<ServerState> {
  const { child, output } = spawnServer(home, options);
  try {
    child.send({ home, options } satisfies StartMessage);
    return await new Promise<ServerState>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new OcrHubError('server_start_failed', { end: `not ready after ${startTimeout / 1000} s`, output: '' }));
      }, startTimeout);
      child.once('message', (message: StartedMessage) => {
        clearTimeout(timer);
        if ('state' in message) resolve(message.state);
        else reject(OcrHubError.from(message.error));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        lastLines(output)
          .then((text) =>
            reject(
              new OcrHubError('server_start_failed', { end: signal ?? `exit code ${String(code)}`, output: text }),
            ),
          )
          .catch(reject);
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function checkPort(home: Home, { port, host }: { port: number; host: string }): Promise<void> {
  const state = await readState(home, port);
  if (state !== undefined) {
    if (await isAlive(home, state)) {
      const names = state.options.modules.map((module) => module.route).join(', ');
      throw new OcrHubError('port_in_use', { port, holder: `the ocrhub server with pid ${state.pid} (${names})` });
    }
    await removeState(home, state);
  }
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(toListenError(error, host, port)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve()));
  });
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
