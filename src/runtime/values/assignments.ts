import { OcrHubError } from '../errors/error.js';

/** A parsed `name=value` of the command line. */
export interface Assignment {
  /** The flag and its value as the user typed them. Errors begin with it. */
  readonly typed: string;
  /** The module to set it for; undefined for every module that has the parameter. */
  readonly route: string | undefined;
  readonly name: string;
  readonly value: unknown;
}

/**
 * Parses a value of `--set`: `parameter=value`, or `route.parameter=value`.
 *
 * @throws OcrHubError `value_invalid`
 */
export function parseSet(text: string): Assignment {
  const [, route, name, value] = /^(?:([^.=]+)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw refuse('--set', text, 'expected parameter=value');
  return { typed: `--set ${text}`, route, name, value: parseValue(value) };
}

/**
 * Parses a value of `--field`: `name=value`.
 *
 * @throws OcrHubError `value_invalid`
 */
export function parseField(text: string): Assignment {
  const end = text.indexOf('=');
  if (end <= 0) throw refuse('--field', text, 'expected name=value');
  return {
    typed: `--field ${text}`,
    route: undefined,
    name: text.slice(0, end),
    value: parseValue(text.slice(end + 1)),
  };
}

function refuse(subject: string, value: string, problem: string): OcrHubError {
  return new OcrHubError('value_invalid', { subject, key: '', value, problem });
}

/** Reads `0.6`, `true` and `["0","180"]` as JSON, and anything else as text. */
export function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
