import { Errors, Flags } from '@oclif/core';
import { serveDefaults } from '../runtime/options/serve-values.js';
import { defaultsFile } from '../runtime/config/user-config-file.js';
import { readUserDefaults } from '../runtime/config/user-config.js';

/** A number that may have decimals; oclif has integers only. */
export const numberFlag = Flags.custom<number>({
  parse: (input) => {
    const value = Number(input);
    if (input.trim() === '' || !Number.isFinite(value))
      throw new Errors.CLIError(`Expected a number but received: ${input}`);
    return Promise.resolve(value);
  },
});

/** `--port/-p` of the commands that speak of a running server: the port on which the user's servers start. */
export const portFlag = () =>
  Flags.integer({
    char: 'p',
    description: 'port of the server',
    default: () => Promise.resolve(readUserDefaults(defaultsFile()).port ?? serveDefaults.port),
    defaultHelp: () => Promise.resolve(`${serveDefaults.port}, or yours: ocrhub config get port`),
    noCacheDefault: true,
    min: 1,
    max: 65535,
    helpValue: 'PORT',
  });
