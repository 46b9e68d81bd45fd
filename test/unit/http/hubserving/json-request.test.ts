import { describe, expect, it } from 'vitest';
import { parseJsonRequest } from '../../../../src/runtime/http/protocols/hubserving/json-request.js';

const picture = Buffer.from('a picture');
const images = `"images":["${picture.toString('base64')}"]`;

function parse(text: string): ReturnType<typeof parseJsonRequest> {
  return parseJsonRequest(Buffer.from(text), { type: 'object', properties: {}, required: [] });
}

describe('parseJsonRequest', () => {
  const tooMany = { code: 'request_malformed', message: expect.stringContaining('more than 100000 values') as string };
  const million = 1e6;
  const bodies: readonly (readonly [what: string, text: string])[] = [
    ['60 MiB of objects', `{${images},"a":[${'{},'.repeat((60 * 1024 ** 2) / 3)}0]}`],
    ['lists', `{${images},"a":[${'[],'.repeat(million)}0]}`],
    ['numbers', `{${images},"a":[${'0,'.repeat(million)}0]}`],
    ['texts', `{"images":[${'"",'.repeat(million)}""]}`],
    ['keys', `{${images}${',"":0'.repeat(million)}}`],
    ['depth', `{"images":${'['.repeat(million)}`],
  ];
  it.each(bodies)('refuses a body with too many values before it parses it: %s', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining(tooMany) as Error);
  });

  it('does not count brackets and commas inside strings as values', () => {
    const text = ',[{\\"\\\\'.repeat(200_000);
    const { fields } = parse(`{"a":"${text}\\\\","b":[${'0,'.repeat(50_000)}0],${images}}`);
    expect(fields['a']).toBe(`${',[{"\\'.repeat(200_000)}\\`);
    expect(fields['b']).toHaveLength(50_001);
  });
});
