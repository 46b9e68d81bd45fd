import { resolve } from 'node:path';
import { OcrHubError } from '../errors.js';
import { checkName, parseModuleId, type ModuleId } from '../registry/module-id.js';
import { buildPackage } from '../registry/build.js';
import { isPath, openPackage } from '../registry/package-folder.js';
import { getInstalled, listInstalled, type InstalledModule, type ParameterInfo } from '../registry/store.js';
import type { Home } from '../settings.js';
import type { RequestField } from '../http/service.js';
import type { ConfigFile } from './config-file.js';
import type { ServedModule } from './options.js';

type Args = Readonly<Record<string, unknown>>;

/**
 * The modules that `-m` names, each `name`, `name==version`, a folder that is served as it is, or one of them behind
 * `route=` to serve it under another name; so one port can serve two versions, or two sets of parameters. `settings` are the values of `--set`.
 *
 * @throws OcrHubError `modules_missing`, `value_invalid`, `value_unknown`, and those of `getInstalled`
 */
export async function modulesOfFlags(
  home: Home,
  names: readonly string[],
  settings: readonly string[],
): Promise<ServedModule[]> {
  // A folder's name may hold commas.
  const words = names.flatMap((text) => (isPath(text) ? [text] : text.split(','))).map((text) => text.trim());
  const wanted = words.filter((text) => text !== '').map(parseServed);
  if (wanted.length === 0) {
    const installed = (await listInstalled(home)).map((module) => `${module.name}==${module.version}`);
    throw new OcrHubError('modules_missing', { installed });
  }
  const modules = await Promise.all(wanted.map(({ route, source }) => serve(home, route, source, {}, {})));
  const twice = modules.find(({ route }, i) => modules.findIndex((other) => other.route === route) < i);
  if (twice !== undefined) {
    const problem = `${twice.route} is named twice; serve one of them under another name: -m other=${twice.name}`;
    throw new OcrHubError('value_invalid', { subject: '--modules', key: '', value: words.join(' '), problem });
  }
  return applySettings(modules, settings.map(parseSetting));
}

/**
 * The module of a command that takes one: `name`, `name==version`, or a folder, whatever signs there are in its name.
 *
 * @throws OcrHubError of `modulesOfFlags`
 */
export async function moduleOfArgument(
  home: Home,
  argument: string,
  settings: readonly string[],
): Promise<ServedModule> {
  const module = await serve(home, undefined, parseSource(argument), {}, {});
  const parsed = settings.map(parseSetting);
  requireConcerned([module], parsed);
  return withSettings(module, parsed);
}

/**
 * The modules of a config file: the keys of `modules_info` are the names under which they are served; `module` says
 * which module that is where the names differ, `init_args.version` which version.
 */
export async function modulesOfConfig(
  home: Home,
  config: ConfigFile,
  settings: readonly string[],
): Promise<ServedModule[]> {
  const modules = await Promise.all(
    Object.entries(config.modules_info).map(
      ([route, { module = route, init_args: initArgs, predict_args: predictArgs }]) => {
        const { version } = initArgs;
        const id = parseModuleId(version === undefined ? module : `${module}==${version}`);
        return serve(home, checkName(route), id, initArgs, predictArgs);
      },
    ),
  );
  return applySettings(modules, settings.map(parseSetting));
}

/**
 * What a served module is now: the newest installed version (or the very version that was asked for), or the author's
 * folder built anew.
 *
 * @throws OcrHubError of `getInstalled` and `buildPackage`
 */
export async function refreshServed(home: Home, module: ServedModule): Promise<ServedModule> {
  const version = module.pinned ? module.version : undefined;
  const current = await find(home, module.folder ?? { name: module.name, version });
  const { version: now, hash, path, summary } = current;
  return { ...module, version: now, hash, path, summary, fields: requestFields(current) };
}

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

/** A value of `--set`: `parameter=value` for every module that has it, or `route.parameter=value` for one. */
interface Setting {
  readonly text: string;
  readonly route: string | undefined;
  readonly name: string;
  readonly value: unknown;
}

function parseSetting(text: string): Setting {
  const [, route, name, value] = /^(?:([^.=]+)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new OcrHubError('value_invalid', {
      subject: '--set',
      key: '',
      value: text,
      problem: 'expected parameter=value',
    });
  }
  return { text, route, name, value: parseValue(value) };
}

/**
 * A field of a request as a command line says it: `name=value`.
 *
 * @throws OcrHubError `value_invalid`
 */
export function parseField(text: string): [name: string, value: unknown] {
  const end = text.indexOf('=');
  if (end > 0) return [text.slice(0, end), parseValue(text.slice(end + 1))];
  throw new OcrHubError('value_invalid', { subject: '--field', key: '', value: text, problem: 'expected name=value' });
}

/** `0.6`, `true` and `["0","180"]` are what they are in JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function applySettings(modules: readonly ServedWithParameters[], settings: readonly Setting[]): ServedModule[] {
  requireConcerned(modules, settings);
  return modules.map((module) => withSettings(module, settings));
}

function requireConcerned(modules: readonly ServedWithParameters[], settings: readonly Setting[]): void {
  for (const setting of settings) {
    if (modules.some((module) => concerns(setting, module))) continue;
    const allowed = modules.flatMap((module) => module.parameters.map((parameter) => parameter.name));
    throw new OcrHubError('value_unknown', { subject: '--set', key: setting.text, allowed: [...new Set(allowed)] });
  }
}

function withSettings(module: ServedWithParameters, settings: readonly Setting[]): ServedModule {
  const { parameters, ...served } = module;
  const own = settings.filter((setting) => concerns(setting, { ...served, parameters }));
  return {
    ...served,
    initArgs: { ...served.initArgs, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
  };
}

/** A module that declares no parameters takes whatever is meant for it by name. */
function concerns({ route, name }: Setting, module: ServedWithParameters): boolean {
  const declares = module.parameters.some((parameter) => parameter.name === name);
  return route === undefined ? declares : route === module.route && (declares || module.parameters.length === 0);
}
