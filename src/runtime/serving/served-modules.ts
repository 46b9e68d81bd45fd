import { OcrHubError } from '../errors.js';
import { checkName, parseModuleId, type ModuleId } from '../registry/module-id.js';
import { getInstalled, listInstalled, type ParameterInfo } from '../registry/store.js';
import type { Home } from '../settings.js';
import type { ConfigFile } from './config-file.js';
import type { ServedModule } from './options.js';

type Args = Readonly<Record<string, unknown>>;

/**
 * The modules that `-m` names, each `name`, `name==version`, or `route=name` to serve it under another name; so one
 * port can serve two versions, or one module with two sets of parameters. `settings` are the values of `--set`.
 *
 * @throws OcrHubError `modules_missing`, `value_invalid`, `value_unknown`, and those of `getInstalled`
 */
export async function modulesOfFlags(
  home: Home,
  names: readonly string[],
  settings: readonly string[],
): Promise<ServedModule[]> {
  const words = names.flatMap((text) => text.split(',')).map((text) => text.trim());
  const wanted = words.filter((text) => text !== '').map(parseServed);
  if (wanted.length === 0) {
    const installed = (await listInstalled(home)).map((module) => `${module.name}==${module.version}`);
    throw new OcrHubError('modules_missing', { installed });
  }
  const twice = wanted.find(({ route }, i) => wanted.findIndex((other) => other.route === route) < i);
  if (twice !== undefined) {
    const problem = `${twice.route} is named twice; serve one of them under another name: -m other=${twice.id.name}`;
    throw new OcrHubError('value_invalid', { subject: '--modules', key: '', value: words.join(' '), problem });
  }
  const modules = await Promise.all(wanted.map(({ route, id }) => serveInstalled(home, route, id, {}, {})));
  return applySettings(modules, settings.map(parseSetting));
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
        const version = initArgs['version'];
        const id = parseModuleId(typeof version === 'string' ? `${module}==${version}` : module);
        return serveInstalled(home, checkName(route), id, initArgs, predictArgs);
      },
    ),
  );
  return applySettings(modules, settings.map(parseSetting));
}

type InstalledServed = ServedModule & { readonly parameters: readonly ParameterInfo[] };

async function serveInstalled(
  home: Home,
  route: string,
  id: ModuleId,
  initArgs: Args,
  predictArgs: Args,
): Promise<InstalledServed> {
  const { name, version, hash, path, parameters } = await getInstalled(home, id);
  return { route, name, version, pinned: id.version !== undefined, hash, path, initArgs, predictArgs, parameters };
}

function parseServed(text: string): { route: string; id: ModuleId } {
  const [, route, rest] = /^([^=]*)=(?!=)(.*)$/.exec(text) ?? [];
  const id = parseModuleId(rest ?? text);
  return { route: route === undefined ? id.name : checkName(route), id };
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

/** `0.6`, `true` and `["0","180"]` are what they are in JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function applySettings(modules: readonly InstalledServed[], settings: readonly Setting[]): ServedModule[] {
  for (const setting of settings) {
    if (modules.some((module) => concerns(setting, module))) continue;
    const allowed = modules.flatMap((module) => module.parameters.map((parameter) => parameter.name));
    throw new OcrHubError('value_unknown', { subject: '--set', key: setting.text, allowed: [...new Set(allowed)] });
  }
  return modules.map(({ parameters, ...module }) => {
    const own = settings.filter((setting) => concerns(setting, { ...module, parameters }));
    return {
      ...module,
      initArgs: { ...module.initArgs, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) },
    };
  });
}

/** A module that declares no parameters takes whatever is meant for it by name. */
function concerns({ route, name }: Setting, module: InstalledServed): boolean {
  const declares = module.parameters.some((parameter) => parameter.name === name);
  return route === undefined ? declares : route === module.route && (declares || module.parameters.length === 0);
}
