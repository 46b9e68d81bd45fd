import { existsSync } from 'node:fs';
import { Errors, Flags } from '@oclif/core';
import { optionTable } from '../runtime/options/option-table.js';
import { userConfigFile } from '../runtime/config/user-config-file.js';
import { readUserConfig } from '../runtime/config/user-config.js';

/** A number with decimals; oclif itself has only `Flags.integer`. */
export const numberFlag = Flags.custom<number>({
  parse: (input) => {
    const value = Number(input);
    if (input.trim() === '' || !Number.isFinite(value))
      throw new Errors.CLIError(`Expected a number but received: ${input}`);
    return Promise.resolve(value);
  },
});

/** `--port/-p` of commands for a running server. The default is the port on which the user's servers start. */
export const portFlag = () =>
  Flags.integer({
    char: 'p',
    description: 'port of the server',
    default: () => Promise.resolve(optionTable.port.setting.parse(readUserConfig(userConfigFile()).port)),
    defaultHelp: () => Promise.resolve(`${optionTable.port.defaultText}, or yours: ocrhub config get port`),
    noCacheDefault: true,
    min: 1,
    max: 65535,
    helpValue: 'PORT',
  });

/** A port on which a command answers while it works. */
export const listenFlag = (alias: string, description: string) =>
  Flags.integer({ aliases: [alias], description, min: 1, max: 65535, helpValue: 'PORT' });

/** What `--queue` takes. */
export const queueHelp =
  'a queue: redis://HOST/QUEUE, rediss://HOST/QUEUE or postgres://USER@HOST/DATABASE; OCRHUB_QUEUE_PASSWORD has its password';

/**
 * Rewrites `--set a=1 b=2` to `--set a=1 --set b=2` for commands whose arguments are pictures. There, oclif's flag that
 * takes all words after it would take the pictures too. A word after a value is another value if it looks like
 * `name=value` and no file has that name.
 */
export function repeatFlags(argv: readonly string[], names: readonly string[]): string[] {
  const words: string[] = [];
  /** The flag whose values are being read. */
  let flag: string | undefined;
  /** True after `--set` without "=": the next word is its value, whatever it looks like. */
  let expectsValue = false;
  for (const [i, word] of argv.entries()) {
    if (word === '--') return [...words, ...argv.slice(i)];
    const opened = names.find((name) => word === `--${name}` || word.startsWith(`--${name}=`));
    if (opened !== undefined) {
      flag = `--${opened}`;
      expectsValue = word === flag;
    } else if (expectsValue) {
      expectsValue = false;
    } else if (flag !== undefined && looksLikeValue(word)) {
      words.push(flag);
    } else {
      flag = undefined;
    }
    words.push(word);
  }
  return words;
}

function looksLikeValue(word: string): boolean {
  return /^[a-z_][\w.-]*=/i.test(word) && !existsSync(word);
}
