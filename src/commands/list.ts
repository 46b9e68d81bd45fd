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
    'A port marked stale serves another copy than a restart would. A damaged install is listed with the command that repairs it; the exit code is then 5.';
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
  /** Whether the server runs what a restart of it would run. */
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

/** What the table cannot show: served copies without a whole install, and what a server needs for a restart. */
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

/** Where a served copy comes from that is not in the table. */
function originOf({ folder, name, version }: ServedCopy, damaged: readonly DamagedInstall[]): string {
  if (folder !== undefined) return `the folder ${folder}, whatever is installed`;
  const isDamaged = damaged.some(({ details }) => details.name === name && details.version === version);
  return `a copy that its server keeps; ${isDamaged ? 'the install of it is damaged' : 'it is not installed any more'}`;
}

/** How a stale server gets what is installed, or what has to be repaired first: a restart needs all its modules. */
function restartHints(port: number, copies: readonly ServedCopy[]): string[] {
  const blockers = restartBlockers(copies);
  const mends = new Set(blockers.flatMap(({ damaged }) => damaged?.mend ?? []));
  if (mends.size > 0)
    return [...mends].map((mend) => `Port ${port} cannot be restarted until an install is repaired: ${mend}`);
  if (blockers.length > 0 || !copies.some(({ changed }) => changed)) return [];
  return [`Port ${port} is stale; serve what is installed now: ocrhub serving restart -p ${port}`];
}
