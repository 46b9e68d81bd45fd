import { createServer } from 'node:net';
import { OomKills } from '../process/oom-kills.js';
import { readRegularFile } from '../files/read-regular.js';
import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import type { Home } from '../config/home.js';
import type { ServeOptions } from '../options/serve-options.js';
import { toListenError } from './listen-error.js';
import { spawnServer } from './spawn-server.js';
import type { StartedMessage, StartMessage } from './start-messages.js';
import { findState, removeState } from './state/find.js';
import { isAlive } from './state/liveness.js';
import type { ServerState } from './state/server-state.js';

const startTimeoutMs = 180_000;

/**
 * Checks that the port is free and creates the folders that a server needs.
 *
 * @throws OcrHubError `port_in_use`, which names the ocrhub server on the port if there is one; `host_unavailable`
 */
export async function prepareStart(home: Home, options: ServeOptions): Promise<void> {
  await checkPort(home, options);
  await makeFolder(home.logs);
  await makeFolder(home.serving, 0o700);
}

/**
 * Starts a detached server and waits until it has made its first inference.
 *
 * @param onWarning gets what the server warns of
 * @throws OcrHubError the error that the server reports, or `server_start_failed` with the last lines of its output
 */
export async function launchServer(
  home: Home,
  options: ServeOptions,
  onWarning: (text: string) => void = () => undefined,
): Promise<ServerState> {
  const kills = new OomKills();
  const { child, output } = spawnServer(home, options);
  try {
    child.send({ home, options } satisfies StartMessage);
    return await new Promise<ServerState>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        const end = `not ready after ${startTimeoutMs / 1000} s`;
        reject(new OcrHubError('server_start_failed', { end, output: '' }));
      }, startTimeoutMs);
      child.once('message', (message: StartedMessage) => {
        clearTimeout(timer);
        if ('state' in message) {
          if (message.warning !== undefined) onWarning(message.warning);
          resolve(message.state);
        } else reject(OcrHubError.from(message.error));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        const end = kills.explain(signal ?? `exit code ${String(code)}`);
        readLastLines(output)
          .then((text) => reject(new OcrHubError('server_start_failed', { end, output: text })))
          .catch(reject);
      });
    });
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

async function checkPort(home: Home, { port, host }: { port: number; host: string }): Promise<void> {
  const state = await findState(home, port);
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

async function readLastLines(file: string): Promise<string> {
  const text = await readRegularFile(file).catch(() => '');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
