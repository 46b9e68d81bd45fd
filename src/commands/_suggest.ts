import { Errors, type Command, type Interfaces } from '@oclif/core';
import { nearest } from '../runtime/errors/nearest.js';
import { printable } from './_printable.js';

/** Ends with exit code 2 if the first words are neither a command nor a topic, and suggests the nearest command. */
export function refuseUnknownCommand(argv: readonly string[], config: Interfaces.Config): void {
  const commands = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  const words = argv.filter((word) => !word.startsWith('-'));
  const unknown = findUnknownCommand(words, commands);
  if (unknown === undefined) return;
  const suggestion = suggestCommand(words, commands);
  const message = `command ${unknown} not found`;
  const hint =
    suggestion === undefined ? `See them all: ${config.bin} help` : `Did you mean: ${config.bin} ${suggestion}`;
  exitWithUsageError(message, hint, argv);
}

/** Ends with exit code 2 and prints the error in the form that commands use for usage errors. */
export function exitWithUsageError(message: string, hint: string, argv: readonly string[]): never {
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message, hint } }, null, 2)}\n`);
  } else {
    process.stderr.write(printable(`Error: ${message}\n${hint}\n`));
  }
  throw new Errors.ExitError(2);
}

/** An argument that looks like a flag, given to a command that takes any number of arguments. */
export class UnknownFlag extends Errors.CLIError {
  readonly flags: readonly string[];

  constructor(flags: readonly string[]) {
    super(`Nonexistent flag${flags.length === 1 ? '' : 's'}: ${flags.join(', ')}`, { exit: 2 });
    this.flags = flags;
  }
}

/** The flag nearest to the unknown one; undefined for other errors and if no flag is near. */
export function suggestFlag(error: Error, command: typeof Command): string | undefined {
  // oclif does not export its own error class for unknown flags.
  const [unknown] = 'flags' in error && Array.isArray(error.flags) ? (error.flags as string[]) : [];
  if (unknown === undefined) return undefined;
  const flags = Object.entries({ ...command.baseFlags, ...command.flags, json: { aliases: ['help'] } });
  const names = flags.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  const suggestion = nearest(unknown.replace(/^-+/, '').replace(/=.*$/s, ''), names);
  return suggestion === undefined ? undefined : `--${suggestion}`;
}

/** The words up to the first one that leads to no command; undefined if the words name a command or a topic. */
function findUnknownCommand([first, second]: readonly string[], commands: readonly string[]): string | undefined {
  if (first === undefined || commands.includes(first)) return undefined;
  const inTopic = commands.filter((command) => command.startsWith(`${first} `));
  if (inTopic.length === 0) return first;
  const known = second === undefined || inTopic.includes(`${first} ${second}`);
  return known ? undefined : `${first} ${second}`;
}

function suggestCommand([first = '', second = '']: readonly string[], commands: readonly string[]): string | undefined {
  // `ocrhub start` means `serving start`.
  const ending = commands.find((command) => command.endsWith(` ${first}`));
  if (ending !== undefined) return ending;
  const heads = [...new Set(commands.map((command) => command.split(' ')[0] ?? ''))];
  const head = heads.includes(first) ? first : nearest(first, heads);
  if (head === undefined || commands.includes(head)) return head;
  const tails = commands
    .filter((command) => command.startsWith(`${head} `))
    .map((command) => command.split(' ')[1] ?? '');
  const tail = tails.includes(second) ? second : nearest(second, tails);
  return tail === undefined ? head : `${head} ${tail}`;
}
