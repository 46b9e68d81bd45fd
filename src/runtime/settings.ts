import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { OcrHubError } from './errors.js';
import { unwritablePlace } from './files/unwritable.js';
import { isWithin } from './files/within.js';

/** The installed package: the folder that holds package.json, models/ and src/modules/. */
export const packageRoot = path.dirname(createRequire(import.meta.url).resolve('ocrhub/package.json'));

/** The entry of a process or thread of its own: `name` as in src/runtime. */
export function entryFile(name: string): string {
  return path.join(packageRoot, 'dist', 'runtime', ...name.split('/'));
}

export const packageVersion = (
  JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** Everything ocrhub writes lies below this folder. */
export interface Home {
  readonly root: string;
  /** The file with the user's defaults; it stays where it is when they move the rest. */
  readonly defaults: string;
  readonly modules: string;
  readonly models: string;
  /** What can be found out again. */
  readonly cache: string;
  readonly serving: string;
  readonly logs: string;
}

/**
 * `$OCRHUB_HOME`; otherwise what the user's defaults say; otherwise `.ocrhub` in the user's home folder.
 *
 * @throws OcrHubError `defaults_damaged`, `home_unusable`
 */
export function resolveHome(): Home {
  const defaults = defaultsFile();
  const root = environment('OCRHUB_HOME') === undefined ? movedHome(defaults) : undefined;
  return homeAt(root ?? path.dirname(defaults), defaults);
}

/** Where the user's defaults lie, whatever they say. */
export function defaultsFile(): string {
  const folder = environment('OCRHUB_HOME') ?? path.join(os.homedir(), '.ocrhub');
  return path.join(path.resolve(folder), 'config.json');
}

/**
 * The user's defaults as they stand in the file. `conf` keeps them; every command asks for the home folder, and reading
 * one small file costs it far less than loading that package.
 *
 * @throws OcrHubError `defaults_damaged`; `home_unusable` where the folder is the matter, and not what the file holds
 */
export function readDefaultsFile(file: string): Readonly<Record<string, unknown>> {
  const refuse = (problem: string, cause?: unknown): OcrHubError =>
    new OcrHubError('defaults_damaged', { file, problem, mend: 'ocrhub config unset --all' }, { cause });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    if (unwritablePlace(error, file) !== undefined) throw unusable(path.dirname(file), file, error);
    throw refuse((error as Error).message, error);
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw refuse('it holds no object');
}

function movedHome(defaults: string): string | undefined {
  const { home } = readDefaultsFile(defaults);
  if (home === undefined || (typeof home === 'string' && path.isAbsolute(home))) return home;
  const problem = `home is ${JSON.stringify(home)}: expected an absolute path`;
  throw new OcrHubError('defaults_damaged', { file: defaults, problem, mend: 'ocrhub config unset home' });
}

/** What an error of the system means where it concerns the home folder; undefined for every other error. */
export function homeError({ root, defaults }: Home, error: unknown): OcrHubError<'home_unusable'> | undefined {
  const { code = '', path: file, syscall } = error as Partial<NodeJS.ErrnoException>;
  // ENOENT where a folder cannot even be made.
  const making = syscall === 'mkdir' && (code === 'EEXIST' || code === 'ENOENT');
  const place = making ? file : unwritablePlace(error, root);
  if (place === undefined) return undefined;
  const folder = [root, path.dirname(defaults)].find((known) => isWithin(known, place) || isWithin(place, known));
  if (folder === undefined) return undefined;
  return unusable(folder, defaults, error);
}

function unusable(folder: string, defaults: string, error: unknown): OcrHubError<'home_unusable'> {
  const problem = (error as Error).message;
  const holdsDefaults = folder === path.dirname(defaults);
  return new OcrHubError('home_unusable', { folder, problem, holdsDefaults }, { cause: error });
}

export function homeAt(root: string, defaults: string): Home {
  return Object.freeze({
    root,
    defaults,
    modules: path.join(root, 'modules'),
    models: path.join(root, 'models'),
    cache: path.join(root, 'cache'),
    serving: path.join(root, 'serving'),
    logs: path.join(root, 'logs'),
  });
}

/** The GPUs that CUDA may use, as the user set them; undefined when not set. */
export function visibleGpus(): string | undefined {
  return process.env['CUDA_VISIBLE_DEVICES'];
}

/**
 * The token of a server or of a client: the first line of the file, or of `$OCRHUB_TOKEN`, without the blanks around it.
 * Never from the command line, where every user of the machine could read it.
 *
 * @throws OcrHubError `token_unreadable`
 */
export async function readToken(file: string | undefined): Promise<string | undefined> {
  const variable = 'OCRHUB_TOKEN';
  const text = file === undefined ? environment(variable) : await readTokenFile(file);
  if (text === undefined) return undefined;
  const token = text.split('\n')[0]?.trim() ?? '';
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('token_unreadable', { file: file ?? variable, problem });
  if (token === '') throw refuse('its first line is empty');
  // Clients put other letters into a header in different ways, or refuse to; such a token would let nobody in.
  if (!/^[ -~]+$/.test(token)) throw refuse('it holds more than letters, digits and signs of ASCII');
  return token;
}

function readTokenFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcrHubError('token_unreadable', { file, problem: (error as Error).message }, { cause: error });
  });
}

/**
 * onnxruntime reports what it runs to its makers over HTTPS, keeps an id of the machine in the home folder and leaves a
 * file in /tmp for each process (since 1.30, microsoft/onnxruntime pull request 27379). Whoever wants that sets the
 * variable to 0.
 */
export function declineEngineTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}

/**
 * Where the processes of a server run that was started in a folder. None can start in a folder that is gone, or that they
 * may not enter, and most modules need nothing there: they run where nothing of theirs lies, nor of ocrhub.
 */
export function workingFolder(startedIn: string): string {
  try {
    accessSync(startedIn, constants.X_OK);
    if (statSync(startedIn).isDirectory()) return startedIn;
  } catch {
    // It is gone, or closed.
  }
  return path.parse(packageRoot).root;
}

/**
 * Keeps this process, and those that it starts from now on, with a home folder: a server stays in the one that it was
 * started in when its user moves theirs.
 */
export function stayIn({ root }: Home): void {
  process.env['OCRHUB_HOME'] = root;
}

/** The variables of this process, for one that may run in another folder. */
function forAnyFolder(): NodeJS.ProcessEnv {
  if (environment('OCRHUB_HOME') === undefined) return process.env;
  return { ...process.env, OCRHUB_HOME: path.dirname(defaultsFile()) };
}

/**
 * What a server's process inherits. It asks nobody by HTTPS, but node reads the extra certificates whenever it starts, and
 * a system's whole list takes it twice as long as everything else; the variable waits for the inference processes.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { [certificates]: extra, ...others } = forAnyFolder();
  return { ...givenBack, ...others, ...(extra === undefined ? {} : { [keptCertificates]: extra }) };
}

/**
 * The memory of a request's body goes back to the system when it has been answered. glibc would keep it, in an arena a thread:
 * after 800 receipts posted to ocr_cls a server has 86 MB then instead of 101.
 */
const givenBack = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: String(128 * 1024) };

const certificates = 'NODE_EXTRA_CA_CERTS';
const keptCertificates = `OCRHUB_KEPT_${certificates}`;

/** What an inference process inherits. */
export function inferenceEnvironment(cores: number): NodeJS.ProcessEnv {
  const { [keptCertificates]: kept, ...inherited } = forAnyFolder();
  return {
    ...inherited,
    ...(kept === undefined ? {} : { [certificates]: kept }),
    // glibc keeps an arena of freed memory for each thread; one is enough, for the engine has its own, and a process is
    // 20 MB smaller than with two.
    MALLOC_ARENA_MAX: '1',
    // What is larger than this (pictures; with det_keep_memory off, the detector's maps) goes back to the system when it is
    // freed. glibc would raise the bound with each such block, and keep them.
    MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 2),
    UV_THREADPOOL_SIZE: String(Math.max(2, Math.min(cores, 4))),
  };
}

/** A variable that is set to nothing is not set. */
function environment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
