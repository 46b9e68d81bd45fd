import { Flags, type Interfaces } from '@oclif/core';
import { localUrl } from '../../runtime/servers/health.js';
import { launchServer, prepareStart } from '../../runtime/servers/launch.js';
import { onLostOutput } from '../../runtime/process/lost-output.js';
import { resolveServeOptions } from '../../runtime/options/resolve.js';
import { readTokens } from '../../runtime/config/token.js';
import { warningsOf } from '../../runtime/options/warnings.js';
import { servesPage, type ServeOptions } from '../../runtime/options/serve-options.js';
import { optionRows, type OptionFlag, type OptionRow } from '../../runtime/options/option-table.js';
import type { ServerState } from '../../runtime/servers/state/server-state.js';
import { resolveHome, type Home } from '../../runtime/config/home.js';
import { BaseCommand } from '../_base.js';
import { numberFlag } from '../_flags.js';
import { openPage } from '../_open-page.js';

export default class ServingStart extends BaseCommand {
  static override summary = 'start a server with one or more installed modules';
  static override description =
    'Returns after the first inference; the server runs in the background. Only this machine can reach it unless --host is set (--host 0.0.0.0: all machines that can reach this one).';
  static override examples = [
    '<%= config.bin %> serving start -m ocr_system -p 8868',
    '<%= config.bin %> serving start -m ocr_det==1.0.0 ocr_rec==1.0.0 -p 8870 --use_multiprocess --workers 2',
    '<%= config.bin %> serving start -m ocr_system strict=ocr_system --set strict.drop_score=0.9',
    '<%= config.bin %> serving start -m ocr_system -p 8868 --open',
    '<%= config.bin %> serving start -c config.json',
  ];
  static override flags = {
    modules: Flags.string({
      char: 'm',
      description:
        'modules to serve: name, name==version, ./folder, or route=name to serve it under another name; separated by spaces, names also by commas',
      multiple: true,
      helpValue: 'MODULE',
    }),
    set: Flags.string({
      description:
        'set a parameter of all modules (det_db_box_thresh=0.6) or of one module (ocr_system.drop_score=0.7)',
      multiple: true,
      helpValue: 'PARAMETER=VALUE',
    }),
    config: Flags.string({
      char: 'c',
      description: 'config file; it overrides --modules, --port, --use_multiprocess and --workers',
      helpValue: 'FILE',
    }),
    watch: Flags.boolean({
      description: 'stay in the terminal and reload modules that are served from a folder when their files change',
      exclusive: ['foreground', 'json'],
    }),
    foreground: Flags.boolean({ description: 'stay in the terminal, for containers, systemd and debugging' }),
    open: Flags.boolean({ description: 'open the page of the server in the browser', exclusive: ['no_ui'] }),
    ...optionFlags(),
  };

  override async run(): Promise<StartJson> {
    const { flags } = await this.parse(ServingStart);
    if (flags.foreground) stopOnSignals();
    const home = resolveHome();
    const { options, notes } = await resolveServeOptions(home, flags);
    for (const note of notes) this.note(note);
    const tokens = await readTokens(options.tokenFile);
    for (const warning of await warningsOf(options, tokens.length > 0)) this.note(`Warning: ${warning}`);
    await prepareStart(home, options);
    const { open } = flags;
    const launch = (): Promise<ServerState> =>
      launchServer(home, options, (warning) => this.note(`Warning: ${warning}`));
    if (flags.watch) return this.#watch(home, await launch(), options, open);
    if (!flags.foreground) return this.#report(await launch(), options, open);

    // Loaded only here, because without --foreground another process runs the server.
    const { runServer } = await import('../../runtime/server/run-server.js');
    // The server serves on: what it prints is in its log too.
    onLostOutput(() => undefined);
    const { state, ended } = await runServer(home, options, true);
    if (state === undefined) return exitStopped(await ended);
    const result = await this.#report(state, options, open);
    process.exitCode = await ended;
    return result;
  }

  async #watch(home: Home, state: ServerState, options: ServeOptions, open: boolean): Promise<StartJson> {
    const { watchServed } = await import('../../runtime/servers/watch.js');
    const { stopServer } = await import('../../runtime/servers/stop.js');
    const result = await this.#report(state, options, open);
    this.log('Watching for changes; Ctrl+C stops the server');
    const interrupted = new AbortController();
    onLostOutput(() => interrupted.abort());
    // The server stops with this command, also when the terminal closes.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
    await watchServed(
      home,
      state,
      {
        reloaded: (ms) => {
          this.log(`Reloaded in ${ms.toFixed(0)} ms`);
        },
        refused: (error) => {
          this.note(`Error: ${error.message}\nThe previous code keeps serving.`);
        },
      },
      interrupted.signal,
    );
    if (interrupted.signal.aborted) await stopServer(home, state.port);
    else this.note(`There is no server on port ${state.port} any more`);
    return result;
  }

  async #report(state: ServerState, options: ServeOptions, open: boolean): Promise<StartJson> {
    const { port, pid, host, logFile } = state;
    const url = localUrl(state);
    const page = servesPage(options) ? `${url}/ui/` : null;
    this.log(`Serving on ${url}, pid ${pid}`);
    for (const { route, version } of options.modules) this.log(`  POST ${url}/predict/${route}  (version ${version})`);
    if (page !== null) this.log(`Page: ${page}`);
    this.log(`Log: ${logFile}`);
    this.log(`Stop: ${this.config.bin} serving stop -p ${port}`);
    if (open) await this.#open(page);
    const modules = options.modules.map(({ name, version, hash }) => ({ name, version, hash }));
    return { port, pid, host, url, page, modules, processes: options.processes, logFile };
  }

  /** The server runs, whether or not the browser opens. */
  async #open(page: string | null): Promise<void> {
    const problem = page === null ? 'This server has no page: no_ui, or no protocol hubserving' : await openPage(page);
    if (problem !== undefined) this.note(page === null ? problem : `${problem}. Open ${page} yourself`);
  }
}

/**
 * A stop ends a server in the foreground with the exit code 0, also before it has modules to load. Without a listener process 1 of
 * a container would ignore the signal. `runServer` replaces the listeners.
 */
function stopOnSignals(): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => exitStopped(0));
}

function exitStopped(code: number): never {
  process.stderr.write('The server was stopped before it was ready\n');
  process.exit(code);
}

interface StartJson {
  readonly port: number;
  readonly pid: number;
  readonly host: string;
  readonly url: string;
  /** The page for people; null if there is none. */
  readonly page: string | null;
  readonly modules: readonly { name: string; version: string; hash: string }[];
  readonly processes: number;
  readonly logFile: string;
}

type ServerFlag =
  | Interfaces.BooleanFlag<boolean>
  | Interfaces.OptionFlag<number | undefined>
  | Interfaces.OptionFlag<string | undefined>
  | Interfaces.OptionFlag<string[] | undefined>;

/** The flags that set options of the server. */
function optionFlags(): Record<string, ServerFlag> {
  return Object.fromEntries(
    optionRows.flatMap(([name, row]) => (row.flag === null ? [] : [[name, optionFlag(name, row, row.flag)]])),
  );
}

function optionFlag(name: string, { help, defaultText }: OptionRow, flag: OptionFlag): ServerFlag {
  const { kind, ...how } = flag;
  const aliases = name.includes('_') ? { aliases: [name.replaceAll('_', '-')] } : {};
  if (kind === 'boolean') {
    const switchFlag: Interfaces.BooleanFlag<boolean> = Flags.boolean({ description: help, ...aliases });
    return switchFlag;
  }
  const description = defaultText === undefined ? help : `${help} [default: ${defaultText}]`;
  const settings = { description, ...aliases, ...how };
  if (kind === 'list') return Flags.string({ ...settings, multiple: true, delimiter: ',' });
  if (kind === 'integer') return Flags.integer(settings);
  return kind === 'number' ? numberFlag(settings) : Flags.string(settings);
}
