import { resolve } from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { checkName, parseModuleId, type ModuleId } from '../registry/module-id.js';
import { buildPackage } from '../registry/build.js';
import { isPath, openPackage } from '../registry/package-folder.js';
import { getInstalled, listInstalled, type InstalledModule } from '../registry/store.js';
import { parameterNaming } from '../module/parameter-naming.js';
import { requestFields } from '../module/request-fields.js';
import type { Home } from '../config/home.js';
import type { ConfigFile } from './config-file.js';
import { checkAssignment, checkConfigValues } from './check-values.js';
import type { ServedModule } from './serve-options.js';
import { parseSet, type Assignment } from '../values/assignments.js';
import type { KeyNaming } from '../values/check.js';
import type { JsonSchema, ObjectSchema } from '../values/json-schema.js';

type Values = Readonly<Record<string, unknown>>;

/** A module that the user asked for, and the copy that serves it. */
interface RequestedModule {
  readonly route: string;
  readonly source: Source;
  readonly copy: InstalledModule;
  readonly initArgs: Values;
  readonly predictArgs: Values;
}

/** A module's name and version, or its author's folder. */
type Source = ModuleId | string;

/**
 * Resolves the values of `-m`: `name`, `name==version`, or a folder, which is compiled and served as it is. The prefix
 * `route=` serves a module under another name, so one port can serve two versions of it, or two sets of parameters.
 *
 * @param set the values of `--set`
 * @throws OcrHubError `modules_missing`, `value_invalid`, `key_unknown`, and those of `getInstalled` and `buildPackage`
 */
export async function modulesOfFlags(
  home: Home,
  names: readonly string[],
  set: readonly string[],
): Promise<ServedModule[]> {
  // A folder's name may contain commas.
  const words = names.flatMap((text) => (isPath(text) ? [text] : text.split(','))).map((text) => text.trim());
  const requests = words.filter((text) => text !== '').map(parseRequest);
  if (requests.length === 0) {
    const installed = (await listInstalled(home)).map((module) => `${module.name}==${module.version}`);
    throw new OcrHubError('modules_missing', { installed });
  }
  const opening = requests.map(({ route, source }) => openModule(home, route, source));
  // Waits for all, so that the error names the first wrong module in the order of the command line.
  await Promise.allSettled(opening);
  const modules = await Promise.all(opening);
  const duplicate = modules.find(({ route }, i) => modules.findIndex((other) => other.route === route) < i);
  if (duplicate !== undefined) {
    const problem = `${duplicate.route} is named twice; serve one of them under another name: -m other=${duplicate.copy.name}`;
    throw new OcrHubError('value_invalid', { subject: '--modules', key: '', value: words.join(' '), problem });
  }
  return withSet(modules, set).map(toServed);
}

/**
 * Resolves the argument of a command that takes one module: `name`, `name==version`, or a folder. A folder's name may
 * contain "," and "=".
 *
 * @throws OcrHubError of `modulesOfFlags`
 */
export async function moduleOfArgument(home: Home, argument: string, set: readonly string[]): Promise<ServedModule> {
  const module = await openModule(home, undefined, parseSource(argument));
  const [withValues = module] = withSet([module], set);
  return toServed(withValues);
}

/**
 * Resolves the modules of a config file. Each key of `modules_info` is the name under which a module is served. `module`
 * names the module if its name differs from the key, and `init_args.version` its version.
 *
 * @param file the config file as the user named it
 * @throws OcrHubError of `modulesOfFlags`
 */
export async function modulesOfConfig(
  home: Home,
  config: ConfigFile,
  file: string,
  set: readonly string[],
): Promise<ServedModule[]> {
  const modules = await Promise.all(
    Object.entries(config.modules_info).map(
      async ([route, { module = route, init_args: initArgs, predict_args: predictArgs }]) => {
        const { version } = initArgs;
        const id = parseModuleId(version === undefined ? module : `${module}==${version}`);
        return { ...(await openModule(home, checkName(route), id)), initArgs, predictArgs };
      },
    ),
  );
  for (const { route, source, copy, initArgs, predictArgs } of modules) {
    const naming = namingOf(source, copy);
    const path = ['modules_info', route];
    const parameters = withAlwaysLegal(copy.parameters);
    if (parameters !== null) checkConfigValues(parameters, initArgs, file, [...path, 'init_args'], naming);
    checkConfigValues(requestFields(copy, noValues), predictArgs, file, [...path, 'predict_args'], naming);
  }
  return withSet(modules, set).map(toServed);
}

/**
 * Returns a served module as a restart would serve it: the newest installed version, the version that the user asked for,
 * or the author's folder, compiled again.
 *
 * @throws OcrHubError of `getInstalled` and `buildPackage`
 */
export async function refreshServed<M extends Refreshable>(home: Home, module: M): Promise<M & Refreshed> {
  const version = module.pinned ? module.version : undefined;
  const copy = await open(home, module.folder ?? { name: module.name, version });
  return { ...module, ...identityOf(copy), fields: requestFields(copy, module) };
}

/** The keys that a restart reads from a server's state file. Another version of ocrhub may have written that file. */
type Refreshable = Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'initArgs' | 'predictArgs'>;

type Refreshed = Pick<ServedModule, 'version' | 'hash' | 'path' | 'source' | 'summary' | 'fields'>;

const noValues = { initArgs: {}, predictArgs: {} };

async function openModule(home: Home, route: string | undefined, source: Source): Promise<RequestedModule> {
  const copy = await open(home, source);
  return { route: route ?? copy.name, source, copy, ...noValues };
}

async function open(home: Home, source: Source): Promise<InstalledModule> {
  return typeof source === 'string' ? buildPackage(home, await openPackage(source)) : getInstalled(home, source);
}

function parseRequest(text: string): { route: string | undefined; source: Source } {
  const [, route, rest = text] = /^([^=]*)=(?!=)(.*)$/.exec(text) ?? [];
  // A folder's name may contain "=" too.
  if (route === undefined || isPath(route)) return { route: undefined, source: parseSource(text) };
  return { route: checkName(route), source: parseSource(rest) };
}

function parseSource(text: string): Source {
  return isPath(text) ? resolve(text) : parseModuleId(text);
}

/** `version` and `use_gpu` are allowed in init_args of every module. */
function withAlwaysLegal(parameters: ObjectSchema | null): ObjectSchema | null {
  return parameters === null ? null : { ...parameters, properties: { ...alwaysLegal, ...parameters.properties } };
}

const alwaysLegal: Readonly<Record<string, JsonSchema>> = {
  version: { type: 'string' },
  use_gpu: { type: 'boolean' },
};

/** The parameters that `--set` may name. As in init_args, `use_gpu` chooses the device of a module without that parameter. */
function settableParameters({ parameters }: InstalledModule): ObjectSchema | null {
  if (parameters === null || !Object.hasOwn(parameters.properties, 'device')) return parameters;
  return { ...parameters, properties: { use_gpu: { type: 'boolean' }, ...parameters.properties } };
}

/** Puts the values of `--set` over init_args. */
function withSet(modules: readonly RequestedModule[], set: readonly string[]): RequestedModule[] {
  const values = set.map(parseSet);
  for (const value of values) requireTarget(modules, value);
  return modules.map((module) => {
    const { source, copy } = module;
    const applied = values.filter((value) => appliesTo(value, module));
    for (const value of applied) {
      const parameters = settableParameters(copy);
      if (parameters !== null) checkAssignment(parameters, value, namingOf(source, copy));
    }
    return {
      ...module,
      initArgs: { ...module.initArgs, ...Object.fromEntries(applied.map(({ name, value }) => [name, value])) },
    };
  });
}

/** @throws OcrHubError `key_unknown` if no module has the parameter */
function requireTarget(modules: readonly RequestedModule[], value: Assignment): void {
  if (modules.some((module) => appliesTo(value, module))) return;
  const { typed, route, name } = value;
  const routes = modules.map((module) => module.route);
  if (route !== undefined && !routes.includes(route)) {
    throw new OcrHubError('key_unknown', { subject: typed, key: route, allowed: routes });
  }
  const named = modules.filter((module) => route === undefined || route === module.route);
  const allowed = new Set(named.flatMap(({ copy }) => Object.keys(settableParameters(copy)?.properties ?? {})));
  const [only, ...others] = named;
  const naming = only === undefined || others.length > 0 ? { noun: 'parameter' } : namingOf(only.source, only.copy);
  throw new OcrHubError('key_unknown', { subject: typed, key: name, allowed: [...allowed], ...naming });
}

/** A module that declares no parameters accepts any value that is set for its route. */
function appliesTo({ route, name }: Assignment, module: RequestedModule): boolean {
  const parameters = settableParameters(module.copy);
  const isDeclared = parameters !== null && Object.hasOwn(parameters.properties, name);
  return route === undefined ? isDeclared : route === module.route && (isDeclared || parameters === null);
}

function namingOf(source: Source, { name }: InstalledModule): KeyNaming {
  return parameterNaming({ name, folder: typeof source === 'string' ? source : undefined });
}

function toServed({ route, source, copy, initArgs, predictArgs }: RequestedModule): ServedModule {
  const isFolder = typeof source === 'string';
  // The GPU settings of params.ts are copied here, so that they are checked before a process starts.
  const parameters = copy.parameters?.properties;
  const gpuSettings = {
    ...(parameters?.['use_gpu']?.default === true ? { use_gpu: true } : {}),
    ...(parameters?.['device']?.default === 'cuda' ? { device: 'cuda' } : {}),
  };
  return {
    route,
    ...identityOf(copy),
    pinned: !isFolder && source.version !== undefined,
    folder: isFolder ? source : undefined,
    fields: requestFields(copy, { initArgs, predictArgs }),
    initArgs: { ...gpuSettings, ...initArgs },
    predictArgs,
  };
}

function identityOf({ name, version, hash, path, source, summary }: InstalledModule) {
  return { name, version, hash, path, source, summary };
}
