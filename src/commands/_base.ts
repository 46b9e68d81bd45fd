import { Command } from '@oclif/core';
import { OcrHubError } from '../runtime/errors.js';

/** What all commands share: `--json`, and errors as text or JSON with the same exit code. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  /** Diagnostics go to stderr, also with `--json`. */
  protected note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  protected override async catch(error: Error & { exitCode?: number; oclif?: { exit?: number } }): Promise<unknown> {
    const exit = exitCodeOf(error);
    // oclif looks at one of these with --json and at the other without.
    error.oclif = { ...error.oclif, exit };
    if (!OcrHubError.is(error)) error.exitCode = exit;
    if (this.jsonEnabled()) return super.catch(error);
    if (exit !== 2 && !OcrHubError.is(error)) return super.catch(error);
    this.note(`Error: ${messageOf(error)}`);
    const hint = hintOf(error);
    if (hint !== '') this.note(hint);
    this.exit(exit);
  }

  protected override toErrorJson(error: unknown): { error: { code: string; message: string; hint: string } } {
    const known = error as Error & { code?: string };
    const code = OcrHubError.is(error) ? error.code : exitCodeOf(known) === 2 ? 'usage' : 'internal';
    return { error: { code, message: messageOf(known), hint: hintOf(known) } };
  }
}

function exitCodeOf(error: Error & { oclif?: { exit?: number } }): number {
  return OcrHubError.is(error) ? error.exitCode : (error.oclif?.exit ?? 1);
}

/** Without the pointer to --help that oclif ends some messages with: the hint says it for all. */
function messageOf(error: Error): string {
  return error.message.replace(/\nSee more help with --help$/, '');
}

function hintOf(error: Error): string {
  if (OcrHubError.is(error)) return error.hint;
  return exitCodeOf(error) === 2 ? 'See the flags and examples with --help.' : '';
}
