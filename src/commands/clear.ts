import { createInterface } from 'node:readline/promises';
import { Flags } from '@oclif/core';
import { OcrHubError } from '../runtime/errors/error.js';
import { findLeftovers, removeLeftovers, type Leftover } from '../runtime/leftovers/leftovers.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { formatBytes, formatCount, formatTable } from './_text.js';

export default class Clear extends BaseCommand {
  static override summary = 'remove old logs and leftover files';
  static override description =
    'Removes the logs of ports without a server, copies of modules that no install and no server uses, interrupted downloads and installs, jobs and uploaded files that are older than a day while no server runs, and the cache of checks of this machine. Keeps installed modules, models and everything that a running server uses. Also keeps files written in the last ten minutes, which may be in use; while no server runs, the cache is removed anyway.';
  static override examples = ['<%= config.bin %> clear', '<%= config.bin %> clear --yes'];
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'do not ask for confirmation' }),
  };

  override async run(): Promise<ClearJson> {
    const { flags } = await this.parse(Clear);
    const home = resolveHome();
    const leftovers = await findLeftovers(home);
    const { files, bytes } = sum(leftovers);
    if (leftovers.length === 0) this.log('There is nothing to remove');
    else this.log(formatTable(['WHAT', 'FILES', 'SIZE', 'PATH'], leftovers.map(row)));
    const what = `${formatCount(files, 'file')}, ${formatBytes(bytes)}`;
    const removed = leftovers.length > 0 && (flags.yes || (await this.#confirm(what)));
    if (removed) {
      await removeLeftovers(home, leftovers);
      this.log(`Removed ${what}`);
    }
    return { removed, files, bytes, leftovers };
  }

  async #confirm(what: string): Promise<boolean> {
    if (this.jsonEnabled() || !process.stdin.isTTY) {
      throw new OcrHubError('confirmation_needed', { what: `Removing ${what}`, command: `${this.config.bin} clear` });
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`Remove ${what}? [y/N] `);
    terminal.close();
    return /^y(es)?$/i.test(answer.trim());
  }
}

interface ClearJson {
  readonly removed: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly leftovers: readonly Leftover[];
}

function sum(leftovers: readonly Leftover[]): { files: number; bytes: number } {
  return {
    files: leftovers.reduce((total, { files }) => total + files, 0),
    bytes: leftovers.reduce((total, { bytes }) => total + bytes, 0),
  };
}

function row({ kind, files, bytes, path }: Leftover): string[] {
  return [kind, String(files), formatBytes(bytes), path];
}
