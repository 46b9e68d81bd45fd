import { row } from '../row.js';
import { alternatives, shown } from '../wording.js';

/** Values from flags, files and requests. */
export const usageErrors = {
  /** `noun` says what the name is, by default a key; `see` names the list of all names. */
  key_unknown: row<{
    subject: string;
    key: string;
    allowed: readonly string[];
    noun?: string | undefined;
    see?: string | undefined;
  }>({
    kind: 'invalid',
    message: ({ subject, key, allowed, noun = 'key', see }) =>
      `${subject}: unknown ${noun} ${shown(key)}${alternatives(key, allowed, see)}`,
  }),
  /** `key` is empty if the subject itself has the value, and undefined if the subject shows name and value already. */
  value_invalid: row<{ subject: string; key: string | undefined; value: unknown; problem: string }>({
    kind: 'invalid',
    message: ({ subject, key, value, problem }) => {
      if (key === undefined) return `${subject}: ${problem}`;
      return `${subject}${key === '' ? '' : `: ${key}`} is ${shown(value)}: ${problem}`;
    },
  }),
  file_not_found: row<{ file: string }>({
    kind: 'missing',
    message: (d) => `${d.file} does not exist`,
  }),
  file_unreadable: row<{ file: string; problem: string }>({
    kind: 'missing',
    message: (d) => `${d.file} cannot be read: ${d.problem}`,
  }),
} as const;
