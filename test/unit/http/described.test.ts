import { expect, it } from 'vitest';
import { send } from '../../helpers/http.js';
import { startLinesServer } from '../../helpers/lines-server.js';

interface Described {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: object; parameters?: readonly Parameter[] }>>>
  >;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly enum?: readonly string[] };
}

it('each address of a state that /openapi.json describes is there, and answers GET as described', async () => {
  const { url } = await startLinesServer({ protocols: ['hubserving', 'umiocr', 'kserve'] });
  const { paths } = JSON.parse((await send(`${url}/openapi.json`)).text) as Described;
  const gets = Object.entries(paths).filter(([path, item]) => 'get' in item && path !== '/metrics');
  expect(gets.map(([path]) => path)).toEqual(expect.arrayContaining(['/health', '/v2', '/v2/models/{model}/ready', '/api/ocr/get_options'])); // prettier-ignore
  for (const [path, item] of gets) {
    const parameters = item['get']?.parameters ?? [];
    const address = parameters.reduce(
      (text, { name, schema }) => text.replace(`{${name}}`, schema.enum?.[0] ?? ''),
      path,
    );
    const { http } = await send(url + address);
    expect([path, http]).toEqual([path, 200]);
    expect(Object.keys(item['get']?.responses ?? {})).toContain('200');
  }
});
