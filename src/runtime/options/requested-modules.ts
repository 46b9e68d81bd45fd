import { resolve } from 'node:path';
import { OcrHubError } from '../errors/error.js';
import { checkName, parseModuleId, type ModuleId } from '../registry/module-id.js';
import { buildPackage } from '../registry/build.js';
import { isPath, openPackage } from '../registry/package-folder.js';
import { getInstalled, listInstalled, type InstalledModule } from '../registry/store.js';
import type { ParameterInfo } from '../module/parameter-info.js';
import type { Home } from '../config/home.js';
import type { RequestField } from '../service/contract.js';
import type { ConfigFile } from './config-file.js';
import type { ServedModule } from './serve-options.js';
import { parseParameterValue, type ParameterValue } from '../values/assignments.js';

type Args = Readonly<Record<string, unknown>>;

/**
 * The modules that `-m` names, each `name`, `name==version`, a folder that is served as it is, or one of them behind
 * `route=` to serve it under another name; so one port can serve two versions, or two sets of parameters.
 *
 * @param set the values of `--set`
 * @throws OcrHubError `modules_missing`, `value_invalid`, `value_unknown`, and those of `getInstalled`
 */
export async function modulesOfFlags(
  home: Home,
  names: readonly string[],
  set: readonly string[],
): Promise<ServedModule[]> {
  // A folder's name may hold commas.
  const words = names.flatMap((text) => (isPath(text) ? [text] : text.split(','))).map((text) => text.trim());
  const wanted = words.filter((text) => text !== '').map(parseServed);
  if (wanted.length === 0) {
    const installed = (await listInstalled(home)).map((module) => `${module.name}==${module.version}`);
    throw new OcrHubError('modules_missing', { installed });
  }
  const found = wanted.map(({ route, source }) => serve(home, route, source, {}, {}));
  // Of several that are wrong the first is told, whichever is found out first.
  await Promise.allSettled(found);
  const modules = await Promise.all(found);
  const twice = modules.find(({ route }, i) => modules.findIndex((other) => other.route === route) < i);
  if (twice !== undefined) {
    const problem = `${twice.route} is named twice; serve one of them under another name: -m other=${twice.name}`;
    throw new OcrHubError('value_invalid', { subject: '--modules', key: '', value: words.join(' '), problem });
  }
  return setParameters(modules, set.map(parseParameterValue));
}

/**
 * The module of a command that takes one: `name`, `name==version`, or a folder, whatever signs there are in its name.
 *
 * @throws OcrHubError of `modulesOfFlags`
 */
export async function moduleOfArgument(home: Home, argument: string, set: readonly string[]): Promise<ServedModule> {
  const module = await serve(home, undefined, parseSource(argument), {}, {});
  const values = set.map(parseParameterValue);
  requireConcerned([module], values);
  return withValues(module, values);
}

/**
 * The modules of a config file: the keys of `modules_info` are the names under which they are served; `module` says
 * which module that is where the names differ, `init_args.version` which version.
 */
export async function modulesOfConfig(home: Home, config: ConfigFile, set: readonly string[]): Promise<ServedModule[]> {
  const modules = await Promise.all(
    Object.entries(config.modules_info).map(
      ([route, { module = route, init_args: initArgs, predict_args: predictArgs }]) => {
        const { version } = initArgs;
        const id = parseModuleId(version === undefined ? module : `${module}==${version}`);
        return serve(home, checkName(route), id, initArgs, predictArgs);
      },
    ),
  );
  return setParameters(modules, set.map(parseParameterValue));
}

/**
 * What a served module is now: the newest installed version (or the very version that was asked for), or the author's
 * folder built anew.
 *
 * @throws OcrHubError of `getInstalled` and `buildPackage`
 */
export async function refreshServed<M extends Refreshable>(home: Home, module: M): Promise<M & Refreshed> {
  const version = module.pinned ? module.version : undefined;
  const current = await find(home, module.folder ?? { name: module.name, version });
  const { version: now, hash, path, summary } = current;
  return { ...module, version: now, hash, path, summary, fields: requestFields(current) };
}

/** What a restart reads of the state of a server, which another version of ocrhub may have written. */
type Refreshable = Pick<ServedModule, 'name' | 'version' | 'pinned' | 'folder' | 'initArgs' | 'predictArgs'>;

type Refreshed = Pick<ServedModule, 'version' | 'hash' | 'path' | 'summary' | 'fields'>;

type ServedWithParameters = ServedModule & { readonly parameters: readonly ParameterInfo[] };

/** A module's name and version, or the folder of its author. */
type Source = ModuleId | string;

async function serve(
  home: Home,
  route: string | undefined,
  source: Source,
  initArgs: Args,
  predictArgs: Args,
): Promise<ServedWithParameters> {
  const found = await find(home, source);
  const { name, version, hash, path, parameters, summary } = found;
  const fields = requestFields(found);
  const from =
    typeof source === 'string'
      ? { pinned: false, folder: source }
      : { pinned: source.version !== undefined, folder: undefined };
  // What params.ts says of the GPU is checked before a process is started, like what a config file says.
  const useGpu = parameters.some((parameter) => parameter.name === 'use_gpu' && parameter.default === true);
  const args = useGpu ? { use_gpu: true, ...initArgs } : initArgs;
  const known = { name, version, ...from, hash, path, summary, fields };
  return { route: route ?? name, ...known, initArgs: args, predictArgs, parameters };
}

/** The parameters that a request may set, and the module's own fields. */
function requestFields({ parameters, fields }: InstalledModule): RequestField[] {
  const settable = parameters.filter(({ perRequest }) => perRequest);
  return [
    ...settable.map(({ name, type, range, choices, unit, description }) => ({
      name,
      type,
      range,
      choices,
      unit,
      description,
      required: false,
    })),
    ...fields,
  ];
}

async function find(home: Home, source: Source): Promise<InstalledModule> {
  return typeof source === 'string' ? buildPackage(home, await openPackage(source)) : getInstalled(home, source);
}

function parseServed(text: string): { route: string | undefined; source: Source } {
  const [, route, rest = text] = /^([^=]*)=(?!=)(.*)$/.exec(text) ?? [];
  // A folder's name may hold "=" as well.
  if (route === undefined || isPath(route)) return { route: undefined, source: parseSource(text) };
  return { route: checkName(route), source: parseSource(rest) };
}

function parseSource(text: string): Source {
  return isPath(text) ? resolve(text) : parseModuleId(text);
}

function setParameters(modules: readonly ServedWithParameters[], values: readonly ParameterValue[]): ServedModule[] {
  requireConcerned(modules, values);
  return modules.map((module) => withValues(module, values));
}

function requireConcerned(modules: readonly ServedWithParameters[], values: readonly ParameterValue[]): void {
  for (const value of values) {
    if (modules.some((module) => concerns(value, module))) continue;
    const allowed = modules.flatMap((module) => module.parameters.map((parameter) => parameter.name));
    throw new OcrHubError('value_unknown', { subject: '--set', key: value.text, allowed: [...new Set(allowed)] });
  }
}

function withValues({ parameters, ...module }: ServedWithParameters, values: readonly ParameterValue[]): ServedModule {
  const own = values.filter((value) => concerns(value, { ...module, parameters }));
  return {
    ...module,
    initArgs: { ...module.initArgs, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
  };
}

/** A module that declares no parameters takes whatever is meant for it by name. */
function concerns({ route, name }: ParameterValue, module: ServedWithParameters): boolean {
  const declares = module.parameters.some((parameter) => parameter.name === name);
  return route === undefined ? declares : route === module.route && (declares || module.parameters.length === 0);
}
