import { OcrHubError } from '../../errors/error.js';
import { decodeBase64 } from './base64.js';
import { holdsMoreValues } from '../body/json-values.js';

export interface PredictBody {
  readonly images: readonly Uint8Array[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads `{"images": [base64...], ...}`.
 *
 * @throws OcrHubError `request_malformed`, `request_not_object` (status "112") for what is no JSON object,
 *   `images_missing`, `images_invalid`, `images_too_many`, `image_not_base64`, `paths_refused` (status "101") for what
 *   is wrong inside it
 */
export function parsePredictBody(body: Uint8Array): PredictBody {
  const parsed = parseObject(body);
  const { images, paths, ...fields } = parsed;
  // Clients of the original may send an empty list of paths with their pictures; it asks for nothing.
  if (paths !== undefined && !(Array.isArray(paths) && paths.length === 0)) throw new OcrHubError('paths_refused', {});
  const pictures = parseImages(images);
  if (isDeeperThan(maxDepth, fields)) {
    throw new OcrHubError('request_malformed', { problem: `a field is nested more than ${maxDepth} deep` });
  }
  return { images: pictures, fields };
}

/** Values of one request, counted before they are made: parsing 60 MiB of empty objects takes minutes. */
const maxValues = 100_000;

/** What hands the fields on or checks them recurses; without a limit, a short body would exhaust the stack. */
const maxDepth = 100;

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeperThan(depth - 1, each));
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) throw new OcrHubError('request_malformed', { problem: 'the body is empty' });
  if (holdsMoreValues(body, maxValues)) {
    throw new OcrHubError('request_malformed', { problem: `it holds more than ${maxValues} values` });
  }
  const parsed = parseJson(decodeUtf8(body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    const got = parsed === null ? 'null' : Array.isArray(parsed) ? 'a list' : `a ${typeof parsed}`;
    throw new OcrHubError('request_not_object', { got });
  }
  return parsed as Record<string, unknown>;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new OcrHubError('request_malformed', { problem: 'the body is not UTF-8' }, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OcrHubError('request_malformed', { problem: (error as Error).message }, { cause: error });
  }
}

/** Pictures of one request. A body within its limit of bytes could otherwise hold millions of tiny ones. */
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
