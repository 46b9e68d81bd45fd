import { OcrHubError } from '../../errors/error.js';
import type { Shard } from './shard-claims.js';

/**
 * @throws OcrHubError `value_invalid`
 * @example
 * parseShard('3/8'); // { index: 3, count: 8 }
 */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  const problem = 'expected I/N with I from 1 to N, such as 3/8';
  throw new OcrHubError('value_invalid', { subject: '--shard', key: '', value: text, problem });
}
