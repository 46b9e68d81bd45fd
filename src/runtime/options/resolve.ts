import path from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { check } from '../values/check.js';
import { visibleGpus } from '../config/environment.js';
import type { Home } from '../config/home.js';
import { readUserConfig } from '../config/user-config.js';
import { readConfigFile, type ConfigFile } from './config-file.js';
import { availableCores } from '../process/cores.js';
import type { ServedModule, ServeOptions } from './serve-options.js';
import { modulesOfConfig, modulesOfFlags } from './requested-modules.js';
import { serveSchema } from './serve-values.js';

/** The flags of `serving start` as they were given; a flag that was not given is undefined. */
export interface ServeFlags {
  readonly modules?: readonly string[] | undefined;
  /** `parameter=value`, or `route.parameter=value`. */
  readonly set?: readonly string[] | undefined;
  readonly config?: string | undefined;
  readonly port?: number | undefined;
  readonly use_multiprocess?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly host?: string | undefined;
  readonly max_queue?: number | undefined;
  readonly timeout?: number | undefined;
  readonly max_body?: string | undefined;
  readonly max_pixels?: string | undefined;
  readonly max_memory?: string | undefined;
  readonly max_tasks?: number | undefined;
  readonly grace?: number | undefined;
  readonly token_file?: string | undefined;
  readonly http_status_200?: boolean | undefined;
  readonly allow_partial?: boolean | undefined;
  /** Not an option of the server: whoever starts it reloads it. */
  readonly watch?: boolean | undefined;
}

export interface ResolvedServe {
  readonly options: ServeOptions;
  /** What the user should know: flags that a config file overrides. */
  readonly notes: readonly string[];
}

/**
 * Makes the one options object of a server out of flags, config file, the user's defaults and the built-in ones.
 *
 * @throws OcrHubError `modules_missing`, `value_invalid`, `value_unknown`, `watch_without_folder`, `gpu_unavailable`,
 *   `gpu_with_multiprocess`, and those of `getInstalled`, `readConfigFile` and `readUserConfig`
 */
export async function resolveServeOptions(home: Home, flags: ServeFlags): Promise<ResolvedServe> {
  const config = flags.config === undefined ? undefined : await readConfigFile(flags.config);
  const subject = flags.config ?? 'serving start';
  const values = check(serveSchema, mergeValues(config, flags, readUserConfig(home.userConfig)), subject);
  const modules = withGpu(
    config === undefined
      ? await modulesOfFlags(home, flags.modules ?? [], flags.set ?? [])
      : await modulesOfConfig(home, config, subject, flags.set ?? []),
    values.use_gpu,
  );
  if (flags.watch === true && modules.every(({ folder }) => folder === undefined)) {
    throw new OcrHubError('watch_without_folder', {});
  }
  requireGpu(modules, values.use_multiprocess);
  const cores = availableCores();
  const workers = values.workers ?? 2 * cores - 1;
  return {
    notes: config === undefined ? [] : ignoredFlags(flags),
    options: Object.freeze({
      modules,
      startedIn: process.cwd(),
      port: values.port,
      host: values.host,
      useMultiprocess: values.use_multiprocess,
      workers,
      processes: values.use_multiprocess ? Math.min(workers, cores) : 1,
      threads: values.use_multiprocess ? 1 : cores,
      maxQueue: values.max_queue,
      timeout: values.timeout,
      maxBody: values.max_body,
      maxPixels: values.max_pixels,
      maxMemory: values.max_memory,
      maxTasks: values.max_tasks,
      grace: values.grace,
      tokenFile: values.token_file === undefined ? undefined : path.resolve(values.token_file),
      httpStatus200: values.http_status_200,
      allowPartial: values.allow_partial,
    }),
  };
}

/** Flags that a config file takes the decision from, as the guide says. */
const decidedByConfig = ['modules', 'port', 'use_multiprocess', 'workers'] as const;

function mergeValues(config: ConfigFile | undefined, flags: ServeFlags, defaults: object): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  if (config === undefined) return { ...defaults, ...given };
  for (const flag of decidedByConfig) Reflect.deleteProperty(given, flag);
  return { ...defaults, ...config, ...given };
}

function ignoredFlags(flags: ServeFlags): string[] {
  return decidedByConfig
    .filter((flag) => flags[flag] !== undefined)
    .map((flag) => `--${flag} is ignored: ${flags.config ?? ''} decides it`);
}

/** `use_gpu` at the top of a config file speaks for all its modules. */
function withGpu(modules: readonly ServedModule[], useGpu: boolean): readonly ServedModule[] {
  if (!useGpu) return modules;
  return modules.map((module) => ({ ...module, initArgs: { ...module.initArgs, use_gpu: true } }));
}

/** What can be refused before a process is started; whether CUDA really works is seen when a model is opened. */
function requireGpu(modules: readonly ServedModule[], useMultiprocess: boolean): void {
  if (modules.every((module) => module.initArgs['use_gpu'] !== true)) return;
  if (useMultiprocess) throw new OcrHubError('gpu_with_multiprocess', {});
  if (visibleGpus() === undefined)
    throw new OcrHubError('gpu_unavailable', { reason: 'CUDA_VISIBLE_DEVICES is not set' });
}
