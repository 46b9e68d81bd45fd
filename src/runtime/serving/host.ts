import { mkdir } from 'node:fs/promises';
import { OcrHubError } from '../errors.js';
import { packageVersion, readToken, type Home } from '../settings.js';
import { processStartTime } from './identity.js';
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
 * Runs a server in this process: loads it, writes its state file when it is ready, and answers SIGTERM and Ctrl+C by
 * draining; a second signal ends it at once.
 *
 * @throws OcrHubError of `Server.start`, `token_unreadable`
 */
export async function hostServer(home: Home, serve: ServeOptions, foreground: boolean): Promise<HostedServer> {
  await mkdir(home.logs, { recursive: true });
  const log = createLog(home, serve.port, foreground);
  let end: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => (end = resolve));
  const server = new Server({
    serve,
    token: await readToken(serve.tokenFile),
    log,
    // Whoever watches a server in the foreground (a container, systemd) restarts it; a detached one tries again itself.
    onFailed: () => foreground && end(new OcrHubError('not_ready', { state: 'failed', reason: '' }).exitCode),
  });

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, stopping ? 'stopping at once' : 'stopping');
    if (stopping) {
      server.abort();
      end(130);
      return;
    }
    stopping = true;
    void server.stop().then(() => end(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    await server.start();
  } catch (error) {
    server.abort();
    log.error({ problem: (error as Error).message }, 'server did not start');
    throw error;
  }
  const state = await describe(home, serve, server.instance);
  await writeState(home, state);
  log.info({ pid: process.pid, instance: server.instance }, 'server is ready');
  return { state, ended: ended.finally(() => removeState(home, state)) };
}

async function describe(home: Home, options: ServeOptions, instance: string): Promise<ServerState> {
  return {
    pid: process.pid,
    startTime: (await processStartTime(process.pid)) ?? Date.now() - process.uptime() * 1000,
    instance,
    port: options.port,
    host: options.host,
    startedAt: new Date().toISOString(),
    version: packageVersion,
    logFile: logFile(home, options.port),
    options,
  };
}
