import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineModule } from '../../../src/runtime/module/define.js';
import { LoadedModule } from '../../../src/runtime/module/loaded-module.js';
import { bridgeSource } from '../../../src/runtime/module/ocrhub-bridge.js';
import { z } from '../../../src/runtime/values/check.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

/** Loads a module whose answer is its parameters and the fields of the request. */
async function load(schema: string, initArgs: Record<string, unknown>): Promise<LoadedModule> {
  const api = { defineModule, z };
  const bundle = `${bridgeSource(Object.keys(api))}
export default defineModule({
  name: 'm', version: '1.0.0', params: {}, schema: z.object({ ${schema} }),
  initialize: (params) => params,
  predict: ({ images, ...fields }, params) => ({ params, fields }),
});`;
  const folder = await writeFiles(path.join(await temporaryFolder(), 'm'), { 'bundle.mjs': bundle });
  return LoadedModule.load({ route: 'm', name: 'm', path: folder, initArgs, predictArgs: {} }, api);
}

async function answer(module: LoadedModule, fields: Record<string, unknown> = {}): Promise<unknown> {
  const [text = ''] = await module.answer([], module.checkFields(fields));
  return JSON.parse(text) as unknown;
}

describe('use_gpu: true', () => {
  it.each([{}, { device: 'cpu' }])(
    'means device: cuda for a module that has only device, with init_args %j',
    async (own) => {
      const module = await load("device: z.enum(['cpu', 'cuda']).default('cpu')", { ...own, use_gpu: true });
      expect(await answer(module)).toEqual({ params: { device: 'cuda' }, fields: {} });
    },
  );

  it('is refused for a module without device, or whose device cannot be cuda', async () => {
    for (const schema of ['', "device: z.enum(['cpu', 'npu']).default('cpu')"]) {
      await expect(load(schema, { use_gpu: true })).rejects.toThrow('m cannot use a GPU');
    }
  });

  it('is passed unchanged to a module that has the parameter use_gpu', async () => {
    const module = await load("use_gpu: z.boolean(), device: z.enum(['cpu', 'cuda']).default('cpu')", {
      use_gpu: true,
    });
    expect(await answer(module)).toEqual({ params: { use_gpu: true, device: 'cpu' }, fields: {} });
  });
});

describe('a parameter that is marked perRequest', () => {
  it.each([
    'z.number().meta({ perRequest: true }).default(1)',
    'z.number().default(1).meta({ perRequest: true })',
    'z.number().meta({ perRequest: true }).default(1).optional()',
  ])('may be set by a request, before or after .default(): %s', async (share) => {
    const module = await load(`share: ${share}`, {});
    expect(await answer(module, { share: 2 })).toMatchObject({ fields: { share: 2 } });
    expect(await answer(module)).toMatchObject({ fields: {} });
    expect(() => module.checkFields({ shar: 2 })).toThrow('Request to m: unknown field "shar"; did you mean "share"?');
  });
});

describe('an answer that JSON cannot represent', () => {
  it.each([
    ['{ toJSON() { throw new Error("no license"); } }', 'no license'],
    ['{ toJSON() { throw null; } }', 'null'],
    ['{ toJSON() { throw "no license"; } }', "'no license'"],
    ['undefined', 'results is undefined, which JSON does not have'],
    ['1n', 'Do not know how to serialize a BigInt'],
  ])('names the problem: %s', async (value, problem) => {
    const bundle = `${bridgeSource(['defineModule'])}
export default defineModule({ name: 'm', version: '1.0.0', predict: () => (${value}) });`;
    const folder = await writeFiles(path.join(await temporaryFolder(), 'm'), { 'bundle.mjs': bundle });
    const served = { route: 'm', name: 'm', path: folder, initArgs: {}, predictArgs: {} };
    const module = await LoadedModule.load(served, { defineModule });
    await expect(module.answer([], {})).rejects.toMatchObject({ code: 'module_answer_invalid', details: { problem } });
  });
});
