import { OcrHubError } from '../../../errors/error.js';
import type { ObjectSchema } from '../../../values/json-schema.js';
import { decodeBase64 } from '../../body/base64.js';
import { lookOfValue } from '../../body/base64-looks.js';
import { kindOf, parseJsonObject } from '../../body/json-object.js';
import type { ParsedRequest } from '../../protocol.js';

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
  const parsed = parseJsonObject(body, requestForm);
  const { images, paths, ...fields } = parsed;
  const urls = Object.hasOwn(own.properties, 'urls') ? [] : parseUrls(fields);
  // Clients of the original may send an empty list of paths with their pictures; it is harmless.
  if (paths !== undefined && !(Array.isArray(paths) && paths.length === 0)) throw new OcrHubError('paths_refused', {});
  const hasNoImages = images === undefined || (Array.isArray(images) && images.length === 0);
  const pictures = urls.length > 0 && hasNoImages ? [] : parseImages(images);
  return { files: pictures.map((bytes) => ({ bytes, name: '' })), urls, fields };
}

/** Takes `urls` out of the fields. */
function parseUrls(fields: Record<string, unknown>): string[] {
  const { urls = [] } = fields;
  delete fields['urls'];
  const refuse = (problem: string): OcrHubError => new OcrHubError('urls_invalid', { problem });
  if (!Array.isArray(urls)) throw refuse(`it is ${kindOf(urls)}`);
  const wrong = urls.findIndex((url) => typeof url !== 'string');
  if (wrong !== -1) throw refuse(`urls[${wrong}] is ${kindOf(urls[wrong])}`);
  return urls as string[];
}

/** Pictures of one request. Without a limit, a body could hold millions of tiny ones. */
export const maxImages = 1000;

function parseImages(images: unknown): Uint8Array[] {
  if (images === undefined) throw new OcrHubError('images_missing', {});
  if (!Array.isArray(images)) throw new OcrHubError('images_invalid', { problem: `it is ${kindOf(images)}` });
  if (images.length === 0) throw new OcrHubError('images_invalid', { problem: 'the list is empty' });
  if (images.length > maxImages) throw new OcrHubError('images_too_many', { count: images.length, limit: maxImages });
  return images.map((image: unknown, index) => {
    if (typeof image !== 'string')
      throw new OcrHubError('images_invalid', { problem: `images[${index}] is ${kindOf(image)}${lookOfValue(image)}` });
    return decodeBase64(image, `images[${index}]`);
  });
}
