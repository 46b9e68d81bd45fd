import { setTimeout as sleep } from 'node:timers/promises';
import type { Health, ModelInfo, ServedModuleInfo } from '../service/contract.js';
import type { Home } from '../config/home.js';
import { compareWithInstalled, type Staleness } from './copies/staleness.js';
import { processUsage } from '../process/usage.js';
import { localUrl, readHealth } from './health.js';
import { isAlive } from './state/liveness.js';
import { listStates, notFound, removeState } from './state/find.js';
import type { ServerState } from './state/server-state.js';

export interface ServerStatus {
  readonly port: number;
  readonly pid: number;
  readonly host: string;
  readonly url: string;
  readonly ready: boolean;
  readonly status: Health['status'] | 'not answering';
  readonly reason: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly version: string;
  readonly modules: readonly ServedModuleStatus[];
  readonly models: readonly ModelInfo[];
  readonly queued: number;
  readonly served: number;
  readonly failed: number;
  readonly latency: Health['latency'];
  /** Resident memory of the server process itself. */
  readonly rssBytes: number;
  readonly cpuPercent: number;
  readonly processes: readonly ProcessStatus[];
  readonly logFile: string;
}

type ServedModuleStatus = ServedModuleInfo & Staleness;

/** A module from `/health` of an older server, or from the state of a server that does not answer. */
type ReportedModule = Omit<ServedModuleInfo, 'setting' | 'models'> & Partial<ServedModuleInfo>;

interface ProcessStatus {
  readonly pid: number;
  readonly state: string;
  readonly rssBytes: number;
  /** Current use; 100 is one core. */
  readonly cpuPercent: number;
  readonly served: number;
  readonly failed: number;
}

/**
 * The status of all running servers, or of the one on `port`. Removes the state files of servers that have ended.
 *
 * @throws OcrHubError `server_not_found`, `server_of_other_home` for a port without a server
 */
export async function readStatus(home: Home, port: number | undefined): Promise<ServerStatus[]> {
  const checked = (await listStates(home)).map(async (state) => {
    if (await isAlive(home, state)) return describe(home, state);
    await removeState(home, state);
    return undefined;
  });
  const servers = (await Promise.all(checked)).filter((server) => server !== undefined);
  if (port === undefined) return servers;
  const wanted = servers.filter((server) => server.port === port);
  if (wanted.length === 0) {
    const ports = servers.map((server) => server.port);
    throw await notFound(home, port, ports);
  }
  return wanted;
}

async function describe(home: Home, state: ServerState): Promise<ServerStatus> {
  const health = await readHealth(state);
  const { pid, port, host, startedAt, version, logFile } = state;
  const usage = await measureUsage([pid, ...(health?.processes ?? []).map((process) => process.pid)]);
  const usageOf = (id: number): Usage => usage.get(id) ?? { rssBytes: 0, cpuPercent: 0 };
  const served = health?.modules ?? state.options.modules.map((module) => ({ ...module, problem: '' }));
  return {
    port,
    pid,
    host,
    url: localUrl(state),
    ready: health?.status === 'ready',
    status: health?.status ?? 'not answering',
    reason: health?.reason ?? '',
    startedAt,
    // The clock may have been set back since the start.
    uptimeSeconds: Math.max(0, Math.round((Date.now() - Date.parse(startedAt)) / 1000)),
    version,
    modules: await Promise.all(served.map((module) => describeServed(home, state, module))),
    models: health?.models ?? [],
    queued: health?.queued ?? 0,
    served: health?.served ?? 0,
    failed: health?.failed ?? 0,
    latency: health?.latency ?? null,
    ...usageOf(pid),
    processes: (health?.processes ?? []).map((process) => ({ ...process, ...usageOf(process.pid) })),
    logFile,
  };
}

interface Usage {
  readonly rssBytes: number;
  readonly cpuPercent: number;
}

/** CPU use is measured over this time. */
const usageIntervalMs = 300;

/** Memory and current CPU use by process id. Leaves out processes that have ended. */
async function measureUsage(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  // The first call starts the interval.
  await Promise.all(pids.map(processUsage));
  await sleep(usageIntervalMs);
  const usage = await Promise.all(pids.map(processUsage));
  return new Map(
    pids.flatMap((pid, i) => {
      const now = usage[i];
      return now === undefined ? [] : [[pid, { rssBytes: now.memory, cpuPercent: Math.round(now.cpu * 10) / 10 }]];
    }),
  );
}

async function describeServed(home: Home, state: ServerState, module: ReportedModule): Promise<ServedModuleStatus> {
  const { route, name, version, hash, problem, setting = null, models = [] } = module;
  const options = state.options.modules.find((other) => other.route === route);
  const { pinned = false, folder } = options ?? {};
  const staleness = await compareWithInstalled(home, { name, version, pinned, folder, hash });
  return { route, name, version, hash, problem, setting, models, ...staleness };
}
