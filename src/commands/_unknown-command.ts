import { Errors, type Interfaces } from '@oclif/core';
import { nearest } from '../runtime/errors/nearest.js';

/** Ends with exit code 2 when the first words are neither a command nor a topic; says which one is near. */
export function refuseUnknownCommand(argv: readonly string[], config: Interfaces.Config): void {
  const commands = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  const words = argv.filter((word) => !word.startsWith('-'));
  const unknown = unknownCommand(words, commands);
  if (unknown === undefined) return;
  const near = nearestCommand(words, commands);
  const message = `command ${unknown} not found`;
  const hint = near === undefined ? `See them all: ${config.bin} help` : `Did you mean: ${config.bin} ${near}`;
  refuse(message, hint, argv);
}

/** Ends with exit code 2, as a usage error does that a command itself finds. */
export function refuse(message: string, hint: string, argv: readonly string[]): never {
  if (argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message, hint } }, null, 2)}\n`);
  } else {
    process.stderr.write(`Error: ${message}\n${hint}\n`);
  }
  throw new Errors.ExitError(2);
}

/** The words up to the first that leads to no command; undefined when they all do. */
function unknownCommand([first, second]: readonly string[], commands: readonly string[]): string | undefined {
  if (first === undefined || commands.includes(first)) return undefined;
  const inTopic = commands.filter((command) => command.startsWith(`${first} `));
  if (inTopic.length === 0) return first;
  const known = second === undefined || inTopic.includes(`${first} ${second}`);
  return known ? undefined : `${first} ${second}`;
}

function nearestCommand([first = '', second = '']: readonly string[], commands: readonly string[]): string | undefined {
  // `ocrhub start`: the last word of `serving start`.
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
