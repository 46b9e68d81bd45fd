import path from 'node:path';
import { Command, Errors, type Interfaces } from '@oclif/core';
import { OcrHubError } from '../runtime/errors/error.js';
import { homeError, resolveHome, homeAt } from '../runtime/config/home.js';
import type { ErrorJson } from './_failure.js';
import { defaultsFile } from '../runtime/config/user-config-file.js';
import { flagMeant, UnknownFlag } from './_unknown-flag.js';

/** What all commands share: `--json`, and errors as text or JSON with the same exit code. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  /** Diagnostics go to stderr, also with `--json`. */
  protected note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  protected override async parse<
    F extends Record<string, unknown>,
    B extends Record<string, unknown>,
    A extends Record<string, unknown>,
  >(options?: Interfaces.Input<F, B, A>, argv = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    // A command that takes any number of arguments would take a mistyped flag for one of them.
    const end = argv.indexOf('--');
    const before = end === -1 ? argv : argv.slice(0, end);
    const unknown = parsed.raw
      .filter(({ type, input }) => type === 'arg' && /^-./.test(input) && before.includes(input))
      .map(({ input }) => input);
    if (unknown.length > 0) throw new UnknownFlag(unknown);
    return parsed;
  }

  protected override async catch(thrown: CommandError): Promise<unknown> {
    // Whoever ended the command with a code has said why.
    if (thrown instanceof Errors.ExitError) throw thrown;
    const error: CommandError = ofHome(thrown) ?? thrown;
    const exit = exitCodeOf(error);
    // oclif looks at one of these with --json and at the other without.
    error.oclif = { ...error.oclif, exit };
    if (!OcrHubError.is(error)) error.exitCode = exit;
    if (this.jsonEnabled()) return super.catch(error);
    if (exit !== 2 && !OcrHubError.is(error)) return super.catch(error);
    this.note(`Error: ${messageOf(error)}`);
    const hint = this.#hintOf(error);
    if (hint !== '') this.note(hint);
    this.exit(exit);
  }

  protected override toErrorJson(error: unknown): { error: ErrorJson } {
    const known = error as Error & { code?: string };
    const code = OcrHubError.is(error) ? error.code : exitCodeOf(known) === 2 ? 'usage' : 'internal';
    return { error: { code, message: messageOf(known), hint: this.#hintOf(known) } };
  }

  #hintOf(error: Error): string {
    if (OcrHubError.is(error)) return error.hint;
    if (exitCodeOf(error) !== 2) return '';
    const meant = flagMeant(error, this.ctor);
    return `${meant === undefined ? '' : `Did you mean ${meant}? `}See the flags and examples with --help.`;
  }
}

type CommandError = Error & { exitCode?: number; oclif?: { exit?: number } };

function ofHome(error: Error): Error | undefined {
  try {
    return homeError(resolveHome(), error);
  } catch {
    // Where the rest is cannot be said; what concerns the defaults themselves can.
    const defaults = defaultsFile();
    return homeError(homeAt(path.dirname(defaults), defaults), error);
  }
}

function exitCodeOf(error: Error & { oclif?: { exit?: number } }): number {
  return OcrHubError.is(error) ? error.exitCode : (error.oclif?.exit ?? 1);
}

/** Without the pointer to --help that oclif ends some messages with: the hint says it for all. */
function messageOf(error: Error): string {
  return error.message.replace(/\nSee more help with --help$/, '');
}
