import path from 'node:path';
import { Command, Errors, type Interfaces } from '@oclif/core';
import { OcrHubError } from '../runtime/errors/error.js';
import { toWritingError } from '../runtime/files/unwritable.js';
import { homeError, resolveHome, homeAt } from '../runtime/config/home.js';
import { toFileError } from '../runtime/files/to-file-error.js';
import { userConfigFile } from '../runtime/config/user-config-file.js';
import { printable, printableLine } from './_printable.js';
import { suggestFlag, UnknownFlag } from './_suggest.js';
import { refuseSwitchValues } from './_switch-values.js';

/** Common to all commands: `--json`, and errors as text or JSON with the same exit code. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  /** Prints a diagnostic to stderr, also with `--json`. */
  protected note(text: string): void {
    process.stderr.write(`${printable(text)}\n`);
  }

  override log(message = ''): void {
    super.log('%s', printable(message));
  }

  protected override logJson(json: unknown): void {
    // `log` prints nothing with --json.
    process.stdout.write(`${printable(JSON.stringify(json, null, 2))}\n`);
  }

  /** Notes how many files failed, if any did, and sets the exit code to 5. */
  protected noteFailures({ done, failed }: { readonly done: number; readonly failed: number }): void {
    if (failed === 0) return;
    this.note(`${failed} of ${done + failed} files failed`);
    process.exitCode = 5;
  }

  protected override async parse<
    F extends Record<string, unknown>,
    B extends Record<string, unknown>,
    A extends Record<string, unknown>,
  >(options?: Interfaces.Input<F, B, A>, argv = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    // oclif would take a missing argument from standard input, which a loop of the shell or a program may need itself.
    const args: readonly { ignoreStdin?: boolean }[] = Object.values(options?.args ?? this.ctor.args);
    for (const arg of args) arg.ignoreStdin = true;
    const end = argv.indexOf('--');
    const before = end === -1 ? argv : argv.slice(0, end);
    refuseSwitchValues(before, { json: { type: 'boolean' }, ...this.ctor.baseFlags, ...this.ctor.flags });
    const parsed = await super.parse(options, argv);
    // Commands that take any number of arguments would accept a mistyped flag as one of them.
    const unknown = parsed.raw
      .filter(({ type, input }) => type === 'arg' && /^-./.test(input) && before.includes(input))
      .map(({ input }) => input);
    if (unknown.length > 0) throw new UnknownFlag(unknown);
    return parsed;
  }

  protected override async catch(thrown: CommandError): Promise<unknown> {
    // ExitError: the message is already printed.
    if (thrown instanceof Errors.ExitError) throw thrown;
    const error: CommandError =
      explainGone(thrown) ?? explainHomeError(thrown) ?? toWritingError(thrown) ?? explainDenied(thrown) ?? thrown;
    const exit = exitCodeOf(error);
    // oclif reads the first with --json and the second without.
    error.oclif = { ...error.oclif, exit };
    if (!OcrHubError.is(error)) error.exitCode = exit;
    if (this.jsonEnabled()) return super.catch(error);
    if (!OcrHubError.is(error)) error.message = printable(error.message);
    if (exit !== 2 && !OcrHubError.is(error)) return super.catch(error);
    this.note(`Error: ${messageOf(error)}`);
    const hint = this.#hintOf(error);
    if (hint !== '') this.note(hint);
    this.exit(exit);
  }

  protected override toErrorJson(error: unknown): { error: ErrorJson } {
    if (OcrHubError.is(error)) return { error: errorToJson(error) };
    const known = error as Error;
    const code = exitCodeOf(known) === 2 ? 'usage' : 'internal';
    return { error: { code, message: messageOf(known), hint: this.#hintOf(known) } };
  }

  #hintOf(error: Error): string {
    if (OcrHubError.is(error)) return error.hint;
    if (exitCodeOf(error) !== 2) return '';
    const suggestion = suggestFlag(error, this.ctor);
    return `${suggestion === undefined ? '' : `Did you mean ${suggestion}? `}See the flags and examples with --help.`;
  }
}

/** An error as `--json` prints it. */
export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The error that led to this one: the server's own, or that of a module that cannot be started. */
  readonly cause?: { readonly code: string };
}

export function errorToJson({ code, message, hint, causeCode }: OcrHubError): ErrorJson {
  return { code, message, hint, ...(causeCode === undefined ? {} : { cause: { code: causeCode } }) };
}

/** A file that failed, as `--json` prints it in place of a result. */
export interface Failure {
  readonly file: string;
  readonly error: ErrorJson;
}

export function toFailure(file: string, error: OcrHubError): Failure {
  return { file, error: errorToJson(error) };
}

/** A failure as rows to print: the file with the message, and the hint below it. */
export function describeFailure({ file, error: { message, hint } }: Failure): string {
  return [`${printableLine(file)}  ${message}`, ...(hint === '' ? [] : hint.split('\n'))].join('\n  ');
}

type CommandError = Error & { exitCode?: number; oclif?: { exit?: number } };

/** Explains an I/O error on a file of the home folder; undefined for other errors. */
function explainHomeError(error: Error): Error | undefined {
  try {
    return homeError(resolveHome(), error);
  } catch {
    // The home folder is unknown; only errors of the defaults file can be explained.
    const defaults = userConfigFile();
    return homeError(homeAt(path.dirname(defaults), defaults), error);
  }
}

/** Explains a failed call for the working directory, also in a process that the command started; undefined for other errors. */
function explainGone(error: Error): Error | undefined {
  return /\bENOENT: [^\n]*\buv_cwd\b/.test(error.message)
    ? new OcrHubError('working_folder_gone', {}, { cause: error })
    : undefined;
}

/** Explains that a file may not be read; undefined for other errors. */
function explainDenied(error: NodeJS.ErrnoException): Error | undefined {
  const { code, path: file, syscall = '' } = error;
  const isRead = ['open', 'scandir', 'stat', 'lstat', 'read', 'realpath', 'copyfile'].includes(syscall);
  return code === 'EACCES' && file !== undefined && isRead ? toFileError(file, error) : undefined;
}

function exitCodeOf(error: Error & { oclif?: { exit?: number } }): number {
  return OcrHubError.is(error) ? error.exitCode : (error.oclif?.exit ?? 1);
}

/** The message without oclif's pointer to --help, which the hint repeats. */
function messageOf(error: Error): string {
  return error.message.replace(/\nSee more help with --help$/, '');
}
