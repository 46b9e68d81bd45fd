import { OcrHubError } from '../../errors/error.js';
import { isDeeperThan, maxDepth } from '../../values/deeper-than.js';
import { countValues, maxValues } from './json-values.js';

/**
 * Parses a body that is a JSON object. What checks its fields, passes them on or shows them in a message calls itself for each level;
 * a body that is nested too deeply would exhaust the stack.
 *
 * @param expected the form of a request in one line, for the message
 * @throws OcrHubError `request_malformed`, `request_not_object`
 */
export function parseJsonObject(body: Uint8Array, expected: string): Record<string, unknown> {
  if (body.length === 0) throw malformed('the body is empty', expected);
  if (countValues(body) > maxValues) throw malformed(`it holds more than ${maxValues} values`, expected);
  const parsed = parseJson(decodeUtf8(body, expected), expected);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new OcrHubError('request_not_object', { got: kindOf(parsed), expected });
  }
  if (isDeeperThan(maxDepth, parsed)) throw malformed(`a field is nested more than ${maxDepth} deep`, expected);
  return parsed as Record<string, unknown>;
}

/** The kind of a JSON value, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function decodeUtf8(body: Uint8Array, expected: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw malformed('the body is not UTF-8', expected, error);
  }
}

function parseJson(text: string, expected: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed((error as Error).message, expected, error);
  }
}

function malformed(problem: string, expected: string, cause?: unknown): OcrHubError {
  return new OcrHubError('request_malformed', { problem, expected }, { cause });
}
