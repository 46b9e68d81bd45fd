import { Errors, type Command } from '@oclif/core';
import { nearest } from '../runtime/errors/nearest.js';

/** A word that looks like a flag among the arguments of a command that takes any number of them. */
export class UnknownFlag extends Errors.CLIError {
  readonly flags: readonly string[];

  constructor(flags: readonly string[]) {
    super(`Nonexistent flag${flags.length === 1 ? '' : 's'}: ${flags.join(', ')}`, { exit: 2 });
    this.flags = flags;
  }
}

/** The flag that was most likely meant; undefined where the error is another one, or none is near. */
export function flagMeant(error: Error, command: typeof Command): string | undefined {
  // oclif does not export its own error class for unknown flags.
  const [unknown] = 'flags' in error && Array.isArray(error.flags) ? (error.flags as string[]) : [];
  if (unknown === undefined) return undefined;
  const flags = Object.entries({ ...command.baseFlags, ...command.flags, json: { aliases: ['help'] } });
  const names = flags.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  const near = nearest(unknown.replace(/^-+/, '').replace(/=.*$/s, ''), names);
  return near === undefined ? undefined : `--${near}`;
}
