import { createInterface } from 'node:readline/promises';
import { Flags } from '@oclif/core';
import { OcrHubError } from '../runtime/errors/error.js';
import { findLeftovers, removeLeftovers, type Leftover } from '../runtime/servers/copies/leftovers.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { formatBytes, formatCount, formatTable } from './_text.js';

export default class Clear extends BaseCommand {
  static override summary = 'remove logs and leftovers that nothing needs any more';
  static override description =
    'Logs of ports without a server, copies of modules that nothing names, downloads and installs that were broken off, and the cache of what was found out about this machine. Installed modules, models and whatever a running server uses stay. What was written in the last ten minutes may be in use and stays too, except, while no server runs, that cache.';
  static override examples = ['<%= config.bin %> clear', '<%= config.bin %> clear --yes'];
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
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
