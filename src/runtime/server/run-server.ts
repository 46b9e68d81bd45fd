import { OcrHubError } from '../errors/error.js';
import { makeFolder } from '../files/make-folder.js';
import { packageVersion } from '../package.js';
import type { Home } from '../config/home.js';
import { readTokens, type NamedToken } from '../config/token.js';
import { openJobHints } from '../jobs/open-hints.js';
import { openJobStore } from '../jobs/open-store.js';
import type { ServeOptions } from '../options/serve-options.js';
import { warningsOf } from '../options/warnings.js';
import { checkMemory } from '../process/memory-need.js';
import { processBirth, processStartTime } from '../process/birth.js';
import { controlAddress } from '../servers/control/address.js';
import type { ControlRequest } from '../servers/control/messages.js';
import { logFile } from '../servers/log-file.js';
import type { ServerState } from '../servers/state/server-state.js';
import { FollowedFiles } from './followed-files.js';
import { KeptState } from './kept-state.js';
import { readKeyPair, type KeyPair } from './key-pair.js';
import { createLog, type ServerLog } from './log.js';
import { Server } from './server.js';
import { Shutdown } from './shutdown.js';
import { serverTitle } from '../process/title.js';

export interface RunningServer {
  /** Undefined if a signal stopped the server before it was ready. */
  readonly state: ServerState | undefined;
  /** What `serving start` prints: memory may be too small. */
  readonly warning: string | undefined;
  /** Resolves with the exit code when the server has ended. */
  readonly ended: Promise<number>;
}

/**
 * Runs a server in this process: loads the modules, then writes the state file. A request on the control socket, SIGTERM or
 * Ctrl+C lets the server finish its work; a second signal ends it at once.
 *
 * @throws OcrHubError of `Server.start`, `token_unreadable`, or `tls_unusable`
 */
export async function runServer(home: Home, options: ServeOptions, foreground: boolean): Promise<RunningServer> {
  process.title = serverTitle;
  // Measured like other processes measure it; runs while the modules load.
  const startTime = processStartTime(process.pid);
  const birth = await processBirth(process.pid);
  await makeFolder(home.logs);
  await makeFolder(home.serving, 0o700);
  const log = createLog(home, options.port, foreground);
  const { tokenFile } = options;
  const tokenFiles = tokenFile === undefined ? [] : [tokenFile];
  const tokens = await FollowedFiles.open(tokenFiles, () => readTokens(tokenFile), { log });
  const keyPair = await followKeyPair(options, log, (renewed) => server.renew(renewed));
  for (const warning of await warningsOf(options, tokens.value.length > 0)) log.warn({}, warning);
  const { store: place = home.jobs, queue, keepJobs, maxJobs, maxJobsSize } = options;
  const limits = { keepMs: keepJobs * 1000, maxItems: maxJobs, maxBytes: maxJobsSize };
  const server = new Server({
    home,
    options,
    jobStore: await openJobStore(place, limits),
    jobHints: queue === undefined ? undefined : await openJobHints(queue, log),
    tokens: () => tokens.value,
    keyPair: keyPair?.value,
    log,
    // A server in the foreground exits: the container or systemd restarts it. A detached one tries again itself.
    onFailed: (reason) => {
      if (!foreground || shutdown.begun) return;
      shutdown.drain(new OcrHubError('not_ready', { state: 'failed', reason }).exitCode);
    },
  });
  const shutdown = new Shutdown(server, log);
  shutdown.listenToSignals();
  try {
    await server.start();
    const processes = server.health().processes.map(({ pid }) => pid);
    const warning = checkMemory({ processes, others: [process.pid] });
    if (warning !== undefined) log.warn({}, warning);
    const state: ServerState = {
      pid: process.pid,
      startTime: (await startTime) ?? Date.now() - process.uptime() * 1000,
      ...(birth === undefined ? {} : { birth }),
      instance: server.instance,
      port: options.port,
      host: options.host,
      startedAt: new Date().toISOString(),
      tokenRequired: tokens.value.length > 0,
      foreground,
      version: packageVersion,
      logFile: logFile(home, options.port),
      control: controlAddress(home, options.port),
      options,
    };
    const parts = { server, shutdown, log, state, tokens };
    const kept: KeptState = new KeptState(
      { home, state, isDraining: () => shutdown.begun },
      (request) => handleControl(request, { ...parts, kept }),
      log,
    );
    await kept.open();
    log.info({ pid: process.pid, instance: server.instance }, 'server is ready');
    const ended = shutdown.exitCode.finally(async () => {
      tokens.close();
      keyPair?.close();
      await kept.close();
    });
    return { state, warning, ended };
  } catch (error) {
    tokens.close();
    keyPair?.close();
    server.abort();
    if (shutdown.isRequested) {
      log.info({}, 'stopped before it was ready');
      return { state: undefined, warning: undefined, ended: shutdown.exitCode };
    }
    log.error({ problem: (error as Error).message }, 'server did not start');
    throw error;
  }
}

function followKeyPair(
  { cert, key }: ServeOptions,
  log: ServerLog,
  onChange: (keyPair: KeyPair) => void,
): Promise<FollowedFiles<KeyPair>> | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return FollowedFiles.open([cert, key], () => readKeyPair({ cert, key }), { log, onChange });
}

interface RunningParts {
  readonly tokens: FollowedFiles<readonly NamedToken[]>;
  readonly server: Server;
  readonly shutdown: Shutdown;
  readonly log: ServerLog;
  /** The state at the start; `reload` changes the modules in its options. */
  readonly state: ServerState;
  readonly kept: KeptState;
}

/** Carries out a request of a command and returns the state after it. */
async function handleControl(
  request: ControlRequest,
  { tokens, server, shutdown, log, state, kept }: RunningParts,
): Promise<ServerState> {
  if (request.action === 'stop') shutdown.request('control');
  if (request.action !== 'reload') return { ...state, options: server.options };
  if (shutdown.begun) throw new OcrHubError('not_ready', { state: 'draining', reason: '' });
  await tokens.refresh();
  await server.reload(request.modules);
  const reloaded = { ...state, options: server.options };
  // The new modules already serve, so a full disk must not fail the request.
  await kept.replace(reloaded).catch((error: unknown) => {
    log.error({ problem: (error as Error).message }, 'the state file cannot be written');
  });
  log.info({ modules: request.modules.map(({ route, version, hash }) => ({ route, version, hash })) }, 'reloaded');
  return reloaded;
}
