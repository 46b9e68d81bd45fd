import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { packageVersion } from '../package.js';
import { readToken } from '../config/token.js';
import type { Home } from '../config/home.js';
import { controlAddress, openControl, type Control, type ControlRequest } from '../servers/control/control.js';
import { logFile } from '../servers/log-file.js';
import { createLog, type ServerLog } from './log.js';
import { stayIn } from '../config/environment.js';
import { processBirth, processStartTime } from '../process/birth.js';
import type { ServeOptions } from '../options/serve-options.js';
import { Shutdown } from './shutdown.js';
import { Server } from './server.js';
import { removeState, replaceState, writeState } from '../servers/state/state-file.js';
import type { ServerState } from '../servers/state/server-state.js';

export interface HostedServer {
  readonly state: ServerState;
  /** Resolves with the exit code when the server has ended. */
  readonly ended: Promise<number>;
}

/**
 * Runs a server in this process: loads it, writes its state file when it is ready, and drains when it is told to end,
 * by its control socket, SIGTERM or Ctrl+C; a second signal ends it at once.
 *
 * @throws OcrHubError of `Server.start`, `token_unreadable`
 */
export async function runServer(home: Home, serve: ServeOptions, foreground: boolean): Promise<HostedServer> {
  if (foreground) stayIn(home);
  // By the clock by which others will ask for it; while the modules load it costs no time.
  const startTime = processStartTime(process.pid);
  const birth = await processBirth(process.pid);
  await makeFolder(home.logs);
  await makeFolder(home.serving, 0o700);
  const log = createLog(home, serve.port, foreground);
  const token = await readToken(serve.tokenFile);
  const server = new Server({
    serve,
    token,
    log,
    // Whoever watches a server in the foreground (a container, systemd) restarts it; a detached one tries again itself.
    onFailed: (reason) => {
      if (foreground && !end.begun) end.drain(new OcrHubError('not_ready', { state: 'failed', reason }).exitCode);
    },
  });
  const end = new Shutdown(server, log);
  end.onSignals();
  let control: Control | undefined;
  try {
    await server.start();
    const state: ServerState = {
      pid: process.pid,
      startTime: (await startTime) ?? Date.now() - process.uptime() * 1000,
      ...(birth === undefined ? {} : { birth }),
      instance: server.instance,
      port: serve.port,
      host: serve.host,
      startedAt: new Date().toISOString(),
      tokenRequired: token !== undefined,
      foreground,
      version: packageVersion,
      logFile: logFile(home, serve.port),
      control: controlAddress(home, serve.port),
      options: serve,
    };
    const hosted = { home, server, end, log, state };
    const opened = await openControl(controlAddress(home, serve.port), (request) => answerControl(request, hosted));
    control = opened;
    await writeState(home, state);
    log.info({ pid: process.pid, instance: server.instance }, 'server is ready');
    const ended = end.code.finally(async () => {
      await opened.close();
      await removeState(home, state);
    });
    return { state, ended };
  } catch (error) {
    await control?.close();
    server.abort();
    log.error({ problem: (error as Error).message }, 'server did not start');
    throw error;
  }
}

interface Hosted {
  readonly home: Home;
  readonly server: Server;
  readonly end: Shutdown;
  readonly log: ServerLog;
  /** As it was at the start; `reload` changes the modules. */
  readonly state: ServerState;
}

/** Does what a command asks for, and answers what the server is then. */
async function answerControl(request: ControlRequest, { home, server, end, log, state }: Hosted): Promise<ServerState> {
  if (request.action === 'stop') end.begin('control');
  if (request.action !== 'reload') return { ...state, options: server.options };
  if (end.begun) throw new OcrHubError('not_ready', { state: 'draining', reason: '' });
  await server.reload(request.modules);
  const reloaded = { ...state, options: server.options };
  // The new modules serve already; a full disk must not make that look like a failure.
  await replaceState(home, reloaded).catch((error: unknown) => {
    log.error({ problem: (error as Error).message }, 'the state file cannot be written');
  });
  log.info({ modules: request.modules.map(({ route, version, hash }) => ({ route, version, hash })) }, 'reloaded');
  return reloaded;
}
