import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { startServer, type TestServer } from '../helpers/server.js';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly post: Post }>>;
}

interface Post {
  readonly summary: string;
  readonly requestBody: {
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly required: string[]; readonly properties: Record<string, unknown> } }>
    >;
  };
}

let home: string;
let server: TestServer;

beforeAll(async () => {
  home = await sharedHome();
  await installModule(
    home,
    `
  name: 'asked', version: '1.0.0', summary: 'Is asked',
  schema: z.object({
    share: z.number().min(0).max(1).default(0.5).meta({ description: 'A share.', unit: 'ratio', perRequest: true }),
    level: z.literal([1, 2]).default(1).meta({ perRequest: true }),
    fixed: z.number().default(1),
  }),
  params: {},
  fields: z.object({ lang: z.enum(['de', 'en']).meta({ description: 'Language.' }),
    size: z.literal([1, 2]).optional(), list: z.enum(['a, b', 'c']).optional(), note: z.string().optional() }),
  warmUp: { lang: 'de' },
  predict: () => null,`,
  );
  server = await startServer(home, { flags: ['-m', 'asked', 'again=asked', '--set', 'again.share=0.7'] });
});

afterAll(() => removeHome(home));

async function description(): Promise<OpenApi> {
  const { http, text } = await send(`${server.url}/openapi.json`);
  expect(http).toBe(200);
  return JSON.parse(text) as OpenApi;
}

it('GET /openapi.json describes each served module', async () => {
  const { openapi, paths } = await description();
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths).filter((path) => path.startsWith('/predict/'))).toEqual([
    '/predict/asked',
    '/predict/again',
  ]);
  expect(paths['/predict/asked']?.post.summary).toBe('Is asked');
});

it('GET /openapi.json lists the pictures, per-request parameters and module fields of a request', async () => {
  const schema = (await description()).paths['/predict/again']?.post.requestBody.content['application/json']?.schema;
  expect(schema?.required).toEqual(['images', 'lang']);
  expect(Object.keys(schema?.properties ?? {})).toEqual([
    ...['images', 'share', 'level', 'lang', 'size', 'list', 'note'],
    ...['pages', 'password', 'dpi', 'use_text_layer', 'page_pictures', 'format', 'paragraphs'],
  ]);
  expect(schema?.properties).toMatchObject({
    share: { type: 'number', minimum: 0, maximum: 1, default: 0.7, description: 'A share. (ratio)' },
    lang: { type: 'string', enum: ['de', 'en'], description: 'Language.' },
    level: { type: 'number', enum: [1, 2], default: 1 },
    size: { type: 'number', enum: [1, 2] },
    list: { type: 'string', enum: ['a, b', 'c'] },
    note: { type: 'string' },
  });
});

it('GET /openapi.json describes the new module after a reload', async () => {
  await installModule(home, "name: 'asked', version: '1.0.0', summary: 'Is asked again', predict: () => null,");
  await ocrhubJson(home, ['serving', 'restart', '-p', String(server.port)]);
  expect((await description()).paths['/predict/asked']?.post.summary).toBe('Is asked again');
});
