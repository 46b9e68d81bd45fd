import { OcrHubError } from '../errors.js';
import { decodeBase64 } from './base64.js';

export interface PredictBody {
  readonly images: readonly Uint8Array[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads `{"images": [base64...], ...}`.
 *
 * @throws OcrHubError `request_malformed` (status "112") for what is no JSON object, `images_missing`,
 *   `images_invalid`, `paths_refused` (status "101") for what is wrong inside it
 */
export function parsePredictBody(body: Uint8Array): PredictBody {
  const parsed = parseObject(body);
  const { images, paths, ...fields } = parsed;
  // Clients of the original may send an empty list of paths with their pictures; it asks for nothing.
  if (paths !== undefined && !(Array.isArray(paths) && paths.length === 0)) throw new OcrHubError('paths_refused', {});
  return { images: parseImages(images), fields };
}

function parseObject(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) throw new OcrHubError('request_malformed', { problem: 'the body is empty' });
  const parsed = parseJson(decodeUtf8(body));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    const got = parsed === null ? 'null' : Array.isArray(parsed) ? 'a list' : `a ${typeof parsed}`;
    throw new OcrHubError('request_malformed', { problem: `the body is ${got}, expected an object` });
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

function parseImages(images: unknown): Uint8Array[] {
  if (images === undefined) throw new OcrHubError('images_missing', {});
  if (!Array.isArray(images)) throw new OcrHubError('images_invalid', { problem: `it is ${kind(images)}` });
  if (images.length === 0) throw new OcrHubError('images_invalid', { problem: 'the list is empty' });
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
