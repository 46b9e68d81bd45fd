import type { Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { OcrHubError } from '../../errors/error.js';
import { createInflateAny } from './inflate-any.js';

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflateAny,
  br: createBrotliDecompress,
};

/** The encodings of a body that are read, for the header Accept-Encoding of a refusal. */
const acceptedEncodings = 'gzip, deflate, br';

/**
 * Names that stand for no compression. Some clients send the character set, the media type or an encoding of mail here; servers that
 * look at the header for nothing else, as the original does, answer them.
 */
const plain =
  /^$|^(identity|none|binary|[78]bit|utf-?8|us-ascii|ascii|latin-?1|iso-8859-\d+|windows-\d+|gbk|[\w.+-]+\/[\w.+-]+)$/;

/**
 * Returns what unpacks a body with the header Content-Encoding; undefined for a body that is not compressed.
 *
 * @throws OcrHubError `encoding_unknown`, also for a body that was compressed twice
 */
export function decoderOf(header: string | undefined): Duplex | undefined {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase().split(';')[0] ?? '');
  const compressions = names.filter((name) => !plain.test(name));
  const [name, ...others] = compressions;
  if (name === undefined) return undefined;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decoder === undefined || others.length > 0) {
    throw new OcrHubError('encoding_unknown', { encoding: header ?? '', accepted: acceptedEncodings });
  }
  return decoder();
}
