import { Errors, Flags } from '@oclif/core';

/** A number that may have decimals; oclif has integers only. */
export const numberFlag = Flags.custom<number>({
  parse: (input) => {
    const value = Number(input);
    if (input.trim() === '' || !Number.isFinite(value))
      throw new Errors.CLIError(`Expected a number but received: ${input}`);
    return Promise.resolve(value);
  },
});

/** `--port/-p` of the commands that speak of a running server. */
export const portFlag = () =>
  Flags.integer({ char: 'p', description: 'port of the server', default: 8866, min: 1, max: 65535, helpValue: 'PORT' });
