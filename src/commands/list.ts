import type { DamagedInstall } from '../runtime/registry/damage.js';
import { readRegistry, type InstalledModule } from '../runtime/registry/store.js';
import { restartBlockers } from '../runtime/servers/copies/staleness.js';
import { listServedCopies, type ServedCopy } from '../runtime/servers/copies/served-copies.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand, errorToJson, type ErrorJson } from './_base.js';
import { formatTable } from './_text.js';

export default class List extends BaseCommand {
  static override summary = 'list the installed modules, and on which ports they are served';
  static override description =
    'A port is stale if a restart would serve another copy. A damaged install is listed with the command that repairs it; the exit code is then 5.';
  static override examples = ['<%= config.bin %> list', '<%= config.bin %> list --json'];

  override async run(): Promise<ListJson[]> {
    await this.parse(List);
    const home = resolveHome();
    const { installed, damaged } = await readRegistry(home);
    const served = await listServedCopies(home);
    const modules = installed.map((module) => toJson(module, served));
    if (modules.length + damaged.length === 0)
      this.log('No module is installed. Install one: ocrhub install ocr_system');
    if (modules.length > 0)
      this.log(formatTable(['MODULE', 'VERSION', 'INSTALLED', 'FROM', 'SERVED ON'], modules.map(row)));
    for (const line of remarks(modules, damaged, served)) this.log(line);
    for (const error of damaged) this.note(`Error: ${error.message}\n${error.hint}`);
    if (damaged.length > 0) process.exitCode = 5;
    return [...modules, ...damaged.map(toErrorEntry)];
  }
}

interface ListedModule extends Pick<InstalledModule, 'name' | 'version' | 'path' | 'installedAt' | 'source' | 'hash'> {
  readonly servedOn: readonly ServedOn[];
}

interface ServedOn {
  readonly port: number;
  readonly route: string;
  /** Whether a restart would serve the same copy. */
  readonly current: boolean;
}

type ListJson =
  | ListedModule
  | {
      readonly name: string;
      readonly version: string;
      readonly error: ErrorJson;
    };

function toJson(
  { name, version, path, installedAt, source, hash }: InstalledModule,
  served: ServedCopy[],
): ListedModule {
  const servedOn = served
    .filter((copy) => copy.folder === undefined && copy.name === name && copy.version === version)
    .map((copy) => ({ port: copy.port, route: copy.route, current: !copy.changed && copy.damaged === null }));
  return { name, version, path, installedAt, source, hash, servedOn };
}

function toErrorEntry(error: DamagedInstall): ListJson {
  const { name, version } = error.details;
  return { name, version, error: errorToJson(error) };
}

function row({ name, version, installedAt, source, servedOn }: ListedModule): string[] {
  const ports = [...new Set(servedOn.map(({ port }) => port))].map((port) => {
    const stale = servedOn.some((other) => other.port === port && !other.current);
    return stale ? `${port} (stale)` : String(port);
  });
  return [name, version, installedAt, source, ports.join(', ')];
}

/** Lines below the table: served copies that are not in the table, and hints for restarts. */
function remarks(
  modules: readonly ListedModule[],
  damaged: readonly DamagedInstall[],
  served: readonly ServedCopy[],
): string[] {
  const isListed = ({ folder, name, version }: ServedCopy): boolean =>
    folder === undefined && modules.some((module) => module.name === name && module.version === version);
  const others = served.filter((copy) => !isListed(copy));
  const ports = [...new Set(served.map(({ port }) => port))];
  return [
    ...others.map((copy) => `Port ${copy.port} serves ${shown(copy)} from ${originOf(copy, damaged)}`),
    ...ports.flatMap((port) =>
      restartHints(
        port,
        served.filter((copy) => copy.port === port),
      ),
    ),
  ];
}

function shown({ route, name, version }: ServedCopy): string {
  return `${name} ${version}${route === name ? '' : ` as ${route}`}`;
}

/** Describes the origin of a served copy that is not in the table. */
function originOf({ folder, name, version }: ServedCopy, damaged: readonly DamagedInstall[]): string {
  if (folder !== undefined) return `the folder ${folder}, not from the registry`;
  const isDamaged = damaged.some(({ details }) => details.name === name && details.version === version);
  return `a copy that the server keeps; ${isDamaged ? 'its install is damaged' : 'it is no longer installed'}`;
}

/** The command that restarts a stale server, or the repairs that a restart needs first. */
function restartHints(port: number, copies: readonly ServedCopy[]): string[] {
  const blockers = restartBlockers(copies);
  const repairs = new Set(blockers.flatMap(({ damaged }) => damaged?.mend ?? []));
  if (repairs.size > 0)
    return [...repairs].map((command) => `Port ${port} cannot be restarted until an install is repaired: ${command}`);
  if (blockers.length > 0 || !copies.some(({ changed }) => changed)) return [];
  return [`Port ${port} is stale; to serve the installed copies: ocrhub serving restart -p ${port}`];
}
