import { OcrHubError } from '../errors/error.js';

/** A value of `--set`: `parameter=value` for every module that has it, or `route.parameter=value` for one. */
export interface ParameterValue {
  readonly text: string;
  readonly route: string | undefined;
  readonly name: string;
  readonly value: unknown;
}

/** @throws OcrHubError `value_invalid` */
export function parseParameterValue(text: string): ParameterValue {
  const [, route, name, value] = /^(?:([^.=]+)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw refuse('--set', text, 'expected parameter=value');
  return { text, route, name, value: parseValue(value) };
}

/**
 * A field of a request as a command line says it: `name=value`.
 *
 * @throws OcrHubError `value_invalid`
 */
export function parseField(text: string): [name: string, value: unknown] {
  const end = text.indexOf('=');
  if (end <= 0) throw refuse('--field', text, 'expected name=value');
  return [text.slice(0, end), parseValue(text.slice(end + 1))];
}

function refuse(subject: string, value: string, problem: string): OcrHubError {
  return new OcrHubError('value_invalid', { subject, key: '', value, problem });
}

/** `0.6`, `true` and `["0","180"]` are what they are in JSON; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
