import { parseQueueUrl } from '../broker/queue-place.js';
import { userPath } from '../files/user-path.js';
import { isBucketUrl } from '../bucket/url.js';
import { OcrHubError } from '../errors/error.js';
import { check, z } from '../values/check.js';
import { visibleGpus } from '../config/environment.js';
import type { Home } from '../config/home.js';
import { readUserConfig } from '../config/user-config.js';
import { readConfigFile, type ConfigFile } from './config-file.js';
import { availableCores } from '../process/cores.js';
import type { ServedModule, ServeOptions } from './serve-options.js';
import { modulesOfConfig, modulesOfFlags } from './requested-modules.js';
import { optionRows, optionShape, toCamelCase, type OptionName } from './option-table.js';

/** The flags of `serving start`; a flag that was not given is undefined. */
export interface ServeFlags extends Readonly<Partial<Record<OptionName, unknown>>> {
  readonly modules?: readonly string[] | undefined;
  /** `parameter=value`, or `route.parameter=value`. */
  readonly set?: readonly string[] | undefined;
  readonly config?: string | undefined;
  /** Not an option of the server: the command that starts it reloads it. */
  readonly watch?: boolean | undefined;
}

export interface ResolvedServe {
  readonly options: ServeOptions;
  /** Remarks for the user: the flags that a config file overrides. */
  readonly notes: readonly string[];
}

/**
 * Makes the options of a server from the flags, the config file, the user's defaults and the built-in defaults, the
 * first of them that has a value.
 *
 * @throws OcrHubError `modules_missing`, `value_invalid`, `key_unknown`, `watch_without_folder`, `gpu_unavailable`,
 *   `gpu_with_multiprocess`, and those of `getInstalled`, `readConfigFile` and `readUserConfig`
 */
export async function resolveServeOptions(home: Home, flags: ServeFlags): Promise<ResolvedServe> {
  const options = givenOptions(flags.config === undefined ? flags : withoutDecided(flags));
  const config =
    flags.config === undefined ? undefined : { file: flags.config, ...(await readConfigFile(flags.config)) };
  const merged = mergeOptions(config, options, readUserConfig(home.userConfig));
  const { useGpu, ...values } = check(z.object(optionShape), toCamelCase(merged), 'serving start');
  const modules = withGpu(
    config === undefined
      ? await modulesOfFlags(home, flags.modules ?? [], flags.set ?? [])
      : await modulesOfConfig(home, config, config.file, flags.set ?? []),
    useGpu,
  );
  if (flags.watch === true && modules.every(({ folder }) => folder === undefined)) {
    throw new OcrHubError('watch_without_folder', {});
  }
  requireGpu(modules, values.useMultiprocess);
  requireBoth(values);
  checkQueue(values);
  const cores = availableCores();
  const workers = values.workers ?? 2 * cores - 1;
  return {
    notes: config === undefined ? [] : ignoredFlags(flags, config.file),
    options: Object.freeze({
      ...values,
      modules,
      startedIn: process.cwd(),
      workers,
      processes: values.useMultiprocess ? Math.min(workers, cores) : 1,
      threads: values.useMultiprocess ? 1 : cores,
      tokenFile: absolute(values.tokenFile),
      cert: absolute(values.cert),
      key: absolute(values.key),
      store: values.store !== undefined && isBucketUrl(values.store) ? values.store : absolute(values.store),
    }),
  };
}

/** The options among the flags, each checked under its flag's name. */
function givenOptions(flags: ServeFlags): Record<string, unknown> {
  const given = optionRows.filter(([name]) => flags[name] !== undefined);
  for (const [name, { schema }] of given) check(schema, flags[name], `--${name}`);
  return Object.fromEntries(given.map(([name]) => [name, flags[name]]));
}

/** Flags that have no effect beside a config file, as HubServing's guide says. */
const decidedByConfig = ['modules', 'port', 'use_multiprocess', 'workers'] as const;

function mergeOptions(config: ConfigFile | undefined, flags: object, defaults: object): Record<string, unknown> {
  return { ...defaults, ...config, ...flags };
}

/** The flags that have an effect beside a config file. The others are not even checked. */
function withoutDecided(flags: ServeFlags): ServeFlags {
  return { ...flags, ...Object.fromEntries(decidedByConfig.map((name) => [name, undefined])) };
}

function ignoredFlags(flags: ServeFlags, file: string): string[] {
  return decidedByConfig
    .filter((flag) => flags[flag] !== undefined)
    .map((flag) => `--${flag} is ignored: ${file} decides it`);
}

/** `use_gpu` at the top of a config file applies to all its modules. */
function withGpu(modules: readonly ServedModule[], useGpu: boolean): readonly ServedModule[] {
  if (!useGpu) return modules;
  return modules.map((module) => ({ ...module, initArgs: { ...module.initArgs, use_gpu: true } }));
}

function absolute(file: string | undefined): string | undefined {
  return file === undefined ? undefined : userPath(file);
}

/** Options are written into the state file, which a password must not be in. */
function checkQueue({
  queue,
  store,
}: {
  readonly queue?: string | undefined;
  readonly store?: string | undefined;
}): void {
  if (queue === undefined) return;
  const { name, password } = parseQueueUrl(queue);
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject: '--queue', key: '', value: name, problem });
  if (store === undefined)
    throw refuse('it tells servers of jobs; name with --store the place in which they share the jobs');
  if (password !== undefined)
    throw refuse('leave its password out and set OCRHUB_QUEUE_PASSWORD: options are written to disk');
}

function requireBoth({ cert, key }: { readonly cert?: string | undefined; readonly key?: string | undefined }): void {
  if ((cert === undefined) === (key === undefined)) return;
  const [given, other] = cert === undefined ? ['--key', '--cert'] : ['--cert', '--key'];
  throw new OcrHubError('value_invalid', {
    subject: given,
    key: '',
    value: cert ?? key,
    problem: `${other} is missing`,
  });
}

/** Refuses what can be known before a process starts. Whether CUDA works shows when a model is opened. */
function requireGpu(modules: readonly ServedModule[], useMultiprocess: boolean): void {
  if (!modules.some(({ initArgs }) => initArgs['use_gpu'] === true || initArgs['device'] === 'cuda')) return;
  if (useMultiprocess) throw new OcrHubError('gpu_with_multiprocess', {});
  if (visibleGpus() === undefined)
    throw new OcrHubError('gpu_unavailable', { reason: 'CUDA_VISIBLE_DEVICES is not set' });
}
