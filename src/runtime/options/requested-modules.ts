import { resolve } from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { checkName, parseModuleId, type ModuleId } from '../registry/module-id.js';
import { buildPackage } from '../registry/build.js';
import { isPath, openPackage } from '../registry/package-folder.js';
import { getInstalled, listInstalled, type InstalledModule } from '../registry/store.js';
import { requestFields } from '../module/request-fields.js';
import type { Home } from '../config/home.js';
import type { ConfigFile } from './config-file.js';
import { checkAssignment, checkConfigValues } from './check-values.js';
import type { ServedModule } from './serve-options.js';
import { parseSet, type Assignment } from '../values/assignments.js';
import type { JsonSchema, ObjectSchema } from '../values/json-schema.js';

/** Values by the name of a parameter or a field. */
type Values = Readonly<Record<string, unknown>>;

/** A module as it was asked for, with what it declares. */
interface RequestedModule {
  readonly route: string;
  readonly source: Source;
  readonly found: InstalledModule;
  readonly initArgs: Values;
  readonly predictArgs: Values;
}

/** A module's name and version, or the folder of its author. */
type Source = ModuleId | string;

/**
 * The modules that `-m` names: each `name`, `name==version`, or a folder, which is compiled and served as it is. Behind
 * `route=` a module is served under another name, so one port can serve two versions of it, or two sets of parameters.
 *
 * @param set the values of `--set`
 * @throws OcrHubError `modules_missing`, `value_invalid`, `key_unknown`, and those of `getInstalled` and `buildPackage`
 */
export async function modulesOfFlags(
  home: Home,
  names: readonly string[],
  set: readonly string[],
): Promise<ServedModule[]> {
  // The name of a folder may hold commas.
  const words = names.flatMap((text) => (isPath(text) ? [text] : text.split(','))).map((text) => text.trim());
  const wanted = words.filter((text) => text !== '').map(parseServed);
  if (wanted.length === 0) {
    const installed = (await listInstalled(home)).map((module) => `${module.name}==${module.version}`);
    throw new OcrHubError('modules_missing', { installed });
  }
  const found = wanted.map(({ route, source }) => find(home, route, source));
  // If several are wrong, the error names the first in the order of the command line.
  await Promise.allSettled(found);
  const modules = await Promise.all(found);
  const twice = modules.find(({ route }, i) => modules.findIndex((other) => other.route === route) < i);
  if (twice !== undefined) {
    const problem = `${twice.route} is named twice; serve one of them under another name: -m other=${twice.found.name}`;
    throw new OcrHubError('value_invalid', { subject: '--modules', key: '', value: words.join(' '), problem });
  }
  return withSet(modules, set).map(toServed);
}

/**
 * The module of a command that takes one: `name`, `name==version`, or a folder. A folder's name may hold "," and "=".
 *
 * @throws OcrHubError of `modulesOfFlags`
 */
export async function moduleOfArgument(home: Home, argument: string, set: readonly string[]): Promise<ServedModule> {
  const module = await find(home, undefined, parseSource(argument));
  const [withValues = module] = withSet([module], set);
  return toServed(withValues);
}

/**
 * The modules of a config file. Each key of `modules_info` is the name under which a module is served; `module` names the
 * module itself if it is another one, and `init_args.version` its version.
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
        return { ...(await find(home, checkName(route), id)), initArgs, predictArgs };
      },
    ),
  );
  for (const { route, found, initArgs, predictArgs } of modules) {
    const path = ['modules_info', route];
    const parameters = withAlwaysLegal(found.parameters);
    if (parameters !== null) checkConfigValues(parameters, initArgs, file, [...path, 'init_args']);
    checkConfigValues(requestFields(found, noValues), predictArgs, file, [...path, 'predict_args']);
  }
  return withSet(modules, set).map(toServed);
}

/**
 * A served module as a restart would serve it: the newest installed version, the version that was asked for, or the
 * author's folder, compiled again.
 *
 * @throws OcrHubError of `getInstalled` and `buildPackage`
 */
export async function refreshServed<M extends Refreshable>(home: Home, module: M): Promise<M & Refreshed> {
  const version = module.pinned ? module.version : undefined;
  const found = await open(home, module.folder ?? { name: module.name, version });
  return { ...module, ...copyOf(found), fields: requestFields(found, module) };
}

/** What a restart reads of the state of a server, which another version of ocrhub may have written. */
type Refreshable = Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'initArgs' | 'predictArgs'>;

type Refreshed = Pick<ServedModule, 'version' | 'hash' | 'path' | 'summary' | 'fields'>;

const noValues = { initArgs: {}, predictArgs: {} };

async function find(home: Home, route: string | undefined, source: Source): Promise<RequestedModule> {
  const found = await open(home, source);
  return { route: route ?? found.name, source, found, ...noValues };
}

async function open(home: Home, source: Source): Promise<InstalledModule> {
  return typeof source === 'string' ? buildPackage(home, await openPackage(source)) : getInstalled(home, source);
}

function parseServed(text: string): { route: string | undefined; source: Source } {
  const [, route, rest = text] = /^([^=]*)=(?!=)(.*)$/.exec(text) ?? [];
  // The name of a folder may hold "=" as well.
  if (route === undefined || isPath(route)) return { route: undefined, source: parseSource(text) };
  return { route: checkName(route), source: parseSource(rest) };
}

function parseSource(text: string): Source {
  return isPath(text) ? resolve(text) : parseModuleId(text);
}

/** `version` and `use_gpu` may stand in init_args of any module. */
function withAlwaysLegal(parameters: ObjectSchema | null): ObjectSchema | null {
  return parameters === null ? null : { ...parameters, properties: { ...alwaysLegal, ...parameters.properties } };
}

const alwaysLegal: Readonly<Record<string, JsonSchema>> = {
  version: { type: 'string' },
  use_gpu: { type: 'boolean' },
};

/** Puts the values of `--set` over init_args. */
function withSet(modules: readonly RequestedModule[], set: readonly string[]): RequestedModule[] {
  const values = set.map(parseSet);
  for (const value of values) requireConcerned(modules, value);
  return modules.map((module) => {
    const own = values.filter((value) => concerns(value, module));
    for (const value of own) if (module.found.parameters !== null) checkAssignment(module.found.parameters, value);
    return {
      ...module,
      initArgs: { ...module.initArgs, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
    };
  });
}

function requireConcerned(modules: readonly RequestedModule[], value: Assignment): void {
  if (modules.some((module) => concerns(value, module))) return;
  const { typed, route, name } = value;
  const routes = modules.map((module) => module.route);
  if (route !== undefined && !routes.includes(route)) {
    throw new OcrHubError('key_unknown', { subject: typed, key: route, allowed: routes });
  }
  const named = modules.filter((module) => route === undefined || route === module.route);
  const allowed = new Set(named.flatMap(({ found }) => Object.keys(found.parameters?.properties ?? {})));
  throw new OcrHubError('key_unknown', { subject: typed, key: name, allowed: [...allowed] });
}

/** A module that declares no parameters takes any value that names it. */
function concerns({ route, name }: Assignment, { route: own, found: { parameters } }: RequestedModule): boolean {
  const declares = parameters !== null && Object.hasOwn(parameters.properties, name);
  return route === undefined ? declares : route === own && (declares || parameters === null);
}

function toServed({ route, source, found, initArgs, predictArgs }: RequestedModule): ServedModule {
  const isFolder = typeof source === 'string';
  // A params.ts that asks for the GPU is checked before a process starts, as a config file is.
  const parameters = found.parameters?.properties;
  const ofGpu = {
    ...(parameters?.['use_gpu']?.default === true ? { use_gpu: true } : {}),
    ...(parameters?.['device']?.default === 'cuda' ? { device: 'cuda' } : {}),
  };
  return {
    route,
    ...copyOf(found),
    pinned: !isFolder && source.version !== undefined,
    folder: isFolder ? source : undefined,
    fields: requestFields(found, { initArgs, predictArgs }),
    initArgs: { ...ofGpu, ...initArgs },
    predictArgs,
  };
}

function copyOf({ name, version, hash, path, summary }: InstalledModule) {
  return { name, version, hash, path, summary };
}
