import type { Hook } from '@oclif/core';
import { exitWithUsageError, refuseUnknownCommand } from './_suggest.js';

/** oclif calls this when no command matches. It joins the words with colons. */
const hook: Hook<'command_not_found'> = function ({ id, argv = [], config }) {
  const named = id.split(':');
  const words = [...named, ...argv];
  const [first = ''] = named;
  if (first.startsWith('-')) {
    exitWithUsageError(`${first} stands where a command should`, `See them all: ${config.bin} help`, words);
  }
  refuseUnknownCommand(words, config);
  // The command exists but takes no arguments.
  const length = config.commandIDs.includes(named.slice(0, 2).join(':')) ? 2 : 1;
  const [command, rest] = [named.slice(0, length), named.slice(length)].map((part) => part.join(' '));
  exitWithUsageError(`Unexpected argument: ${rest}`, `See how it is used: ${config.bin} ${command} --help`, words);
};

export default hook;
