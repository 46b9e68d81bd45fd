import { OcrHubError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { packageVersion, readToken, stayIn, type Home } from '../settings.js';
import { controlAddress, openControl, type ControlRequest } from './control.js';
import { processBirth, processStartTime } from './identity.js';
import { createLog, logFile } from './log.js';
import type { ServeOptions } from './options.js';
import { Server } from './server.js';
import { removeState, writeState, type ServerState } from './state.js';

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
export async function hostServer(home: Home, serve: ServeOptions, foreground: boolean): Promise<HostedServer> {
  stayIn(home);
  // By the clock by which others will ask for it; while the modules load it costs no time.
  const startTime = processStartTime(process.pid);
  const birth = await processBirth(process.pid);
  await makeFolder(home.logs);
  await makeFolder(home.serving, 0o700);
  const log = createLog(home, serve.port, foreground);
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  const token = await readToken(serve.tokenFile);
  let ending = false;
  const drain = (code: number): void => {
    ending = true;
    void server.stop().then(() => {
      end(code);
    });
  };
  const server = new Server({
    serve,
    token,
    log,
    // Whoever watches a server in the foreground (a container, systemd) restarts it; a detached one tries again itself.
    onFailed: (reason) => {
      if (foreground && !ending) drain(new OcrHubError('not_ready', { state: 'failed', reason }).exitCode);
    },
  });
  /** Whether a command has asked: it sends SIGTERM as well where it gets no answer in time. */
  let signalMayFollow = false;
  const stop = (by: string): void => {
    if (by === 'control') signalMayFollow = true;
    if (!ending) {
      log.info({ by }, 'stopping');
      drain(0);
    } else if (by === 'SIGTERM' && signalMayFollow) {
      signalMayFollow = false;
    } else if (by !== 'control') {
      log.info({ by }, 'stopping at once');
      server.abort();
      end(130);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // A library below conf answers a signal by sending it once more; here the second one means: at once.
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }

  const giveUp = (error: unknown): never => {
    server.abort();
    log.error({ problem: (error as Error).message }, 'server did not start');
    throw error;
  };

  await server.start().catch(giveUp);

  const tokenRequired = token !== undefined;
  const own = (await startTime) ?? Date.now() - process.uptime() * 1000;
  const address = controlAddress(home, serve.port);
  const state = {
    ...describe(home, serve, server.instance, own),
    ...(birth === undefined ? {} : { birth }),
    control: address,
    tokenRequired,
    foreground,
  };
  const control = await openControl(address, async (request: ControlRequest) => {
    if (request.action === 'stop') stop('control');
    if (request.action !== 'reload') return { ...state, options: server.options };
    if (ending) throw new OcrHubError('not_ready', { state: 'draining', reason: '' });
    await server.reload(request.modules);
    const reloaded = { ...state, options: server.options };
    // The new modules serve already; a full disk must not make that look like a failure.
    await writeState(home, reloaded).catch((error: unknown) => {
      log.error({ problem: (error as Error).message }, 'the state file cannot be written');
    });
    log.info({ modules: request.modules.map(({ route, version, hash }) => ({ route, version, hash })) }, 'reloaded');
    return reloaded;
  }).catch(giveUp);
  await writeState(home, state).catch(async (error: unknown) => {
    await control.close();
    return giveUp(error);
  });
  log.info({ pid: process.pid, instance: server.instance }, 'server is ready');
  const cleaned = ended.finally(async () => {
    await control.close();
    await removeState(home, state);
  });
  return { state, ended: cleaned };
}

function describe(
  home: Home,
  options: ServeOptions,
  instance: string,
  startTime: number,
): Omit<ServerState, 'tokenRequired' | 'foreground'> {
  return {
    pid: process.pid,
    startTime,
    instance,
    port: options.port,
    host: options.host,
    startedAt: new Date().toISOString(),
    version: packageVersion,
    logFile: logFile(home, options.port),
    options,
  };
}
