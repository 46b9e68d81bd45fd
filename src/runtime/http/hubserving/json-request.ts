import { OcrHubError } from '../../errors/error.js';
import type { ObjectSchema } from '../../values/json-schema.js';
import { decodeBase64 } from './base64.js';
import type { ParsedRequest } from '../protocol.js';
import { holdsMoreValues } from '../body/json-values.js';

/** A request in one line. */
export const requestForm = '{"images": [base64, ...]}';

/**
 * Reads `{"images": [base64...], "urls": [address...], ...}`.
 *
 * @param own the module's own fields; one named `urls` is passed on as a field
 * @throws OcrHubError `request_malformed`, `request_not_object` (status "112") for what is no JSON object,
 *   `images_missing`, `images_invalid`, `images_too_many`, `image_not_base64`, `urls_invalid`, `paths_refused` (status "101") for what
 *   is wrong inside it
 */
export function parseJsonRequest(body: Uint8Array, own: ObjectSchema): ParsedRequest {
  const parsed = parseObject(body);
  const { images, paths, ...fields } = parsed;
  const urls = Object.hasOwn(own.properties, 'urls') ? [] : parseUrls(fields);
  // Clients of the original may send an empty list of paths with their pictures; it is harmless.
  if (paths !== undefined && !(Array.isArray(paths) && paths.length === 0)) throw new OcrHubError('paths_refused', {});
  const hasNoImages = images === undefined || (Array.isArray(images) && images.length === 0);
  const pictures = urls.length > 0 && hasNoImages ? [] : parseImages(images);
  if (isDeeperThan(maxDepth, fields)) {
    throw malformed(`a field is nested more than ${maxDepth} deep`);
  }
  return { files: pictures.map((bytes) => ({ bytes, name: '' })), urls, fields };
}

/** Takes `urls` out of the fields. */
function parseUrls(fields: Record<string, unknown>): string[] {
  const { urls = [] } = fields;
  delete fields['urls'];
  const refuse = (problem: string): OcrHubError => new OcrHubError('urls_invalid', { problem });
  if (!Array.isArray(urls)) throw refuse(`it is ${kind(urls)}`);
  const wrong = urls.findIndex((url) => typeof url !== 'string');
  if (wrong !== -1) throw refuse(`urls[${wrong}] is ${kind(urls[wrong])}`);
  return urls as string[];
}

/** Values of one request. They are counted before the body is parsed: parsing 60 MiB of empty objects takes minutes. */
const maxValues = 100_000;

/** The functions that check the fields or pass them on recurse; without a limit, a short body would exhaust the stack. */
const maxDepth = 100;

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeperThan(depth - 1, each));
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) throw malformed('the body is empty');
  if (holdsMoreValues(body, maxValues)) {
    throw malformed(`it holds more than ${maxValues} values`);
  }
  const parsed = parseJson(decodeUtf8(body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    const got = parsed === null ? 'null' : Array.isArray(parsed) ? 'a list' : `a ${typeof parsed}`;
    throw new OcrHubError('request_not_object', { got, expected: requestForm });
  }
  return parsed as Record<string, unknown>;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw malformed('the body is not UTF-8', error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed((error as Error).message, error);
  }
}

function malformed(problem: string, cause?: unknown): OcrHubError {
  return new OcrHubError('request_malformed', { problem, expected: requestForm }, { cause });
}

/** Pictures of one request. Without a limit, a body could hold millions of tiny ones. */
export const maxImages = 1000;

function parseImages(images: unknown): Uint8Array[] {
  if (images === undefined) throw new OcrHubError('images_missing', {});
  if (!Array.isArray(images)) throw new OcrHubError('images_invalid', { problem: `it is ${kind(images)}` });
  if (images.length === 0) throw new OcrHubError('images_invalid', { problem: 'the list is empty' });
  if (images.length > maxImages) throw new OcrHubError('images_too_many', { count: images.length, limit: maxImages });
  return images.map((image: unknown, index) => {
    if (typeof image !== 'string')
      throw new OcrHubError('images_invalid', { problem: `images[${index}] is ${kind(image)}` });
    return decodeBase64(image, index);
  });
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
