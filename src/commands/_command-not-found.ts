import type { Hook } from '@oclif/core';
import { refuse, refuseUnknownCommand } from './_unknown-command.js';

/** oclif calls this for words that are no command; it joins them with colons. */
const hook: Hook<'command_not_found'> = function ({ id, argv = [], config }) {
  const [command = '', ...rest] = id.split(':');
  const words = [command, ...rest, ...argv];
  refuseUnknownCommand(words, config);
  // A word behind a command that takes no arguments.
  refuse(`Unexpected argument: ${rest.join(' ')}`, `See how it is used: ${config.bin} ${command} --help`, words);
};

export default hook;
