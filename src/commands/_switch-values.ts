import { OcrHubError } from '../runtime/errors/error.js';

/** What is read of the flags of a command. */
type FlagTable = Readonly<Record<string, Flag>>;

interface Flag {
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly char?: string;
}

/**
 * Refuses `--use_multiprocess True` and `--use_multiprocess=True`. PaddleOCR's own commands take such a value, and oclif
 * would take it for a module or a file.
 *
 * @param argv the words of the command line before `--`
 * @throws OcrHubError `value_invalid`
 */
export function refuseSwitchValues(argv: readonly string[], flags: FlagTable): void {
  const switches = switchNames(flags);
  for (const [i, word] of argv.entries()) {
    const [, name = word, given] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (!switches.has(name)) continue;
    const next = argv[i + 1];
    const value = given ?? (next !== undefined && truthWords.test(next) ? next : undefined);
    if (value === undefined) continue;
    const problem = offWords.test(value)
      ? `the flag takes no value; leave it out: ${name} alone switches it on`
      : `the flag takes no value; write ${name} alone`;
    throw new OcrHubError('value_invalid', { subject: name, key: '', value, problem });
  }
}

const offWords = /^(false|no|off|0|none|null|)$/i;

/** A file or a module of such a name can still be given as `./true`. */
const truthWords = /^(true|false|yes|no|on|off)$/i;

function switchNames(flags: FlagTable): ReadonlySet<string> {
  const switches = Object.entries(flags).filter(([, { type }]) => type === 'boolean');
  return new Set(
    switches.flatMap(([name, { aliases = [], char }]) => [
      ...[name, ...aliases].map((long) => `--${long}`),
      ...(char === undefined ? [] : [`-${char}`]),
    ]),
  );
}
