import path from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { moduleOfArgument, modulesOfFlags } from '../../../src/runtime/options/requested-modules.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { removeHome, sharedHome } from '../../helpers/home.js';

let home: Home;
let folder: string;

beforeAll(async () => {
  const root = await sharedHome();
  home = homeAt(root, path.join(root, 'config.json'));
  folder = await writeFiles(path.join(root, 'x,y', 'a=b', 'my_word'), packageFiles(wordModule('word')));
});

afterAll(() => removeHome(home.root));

it('the path of a folder may contain commas and "="', async () => {
  expect(await modulesOfFlags(home, [folder], [])).toMatchObject([{ route: 'word', folder }]);
  expect(await modulesOfFlags(home, [folder, `other=${folder}`], [])).toMatchObject([
    { route: 'word', folder },
    { route: 'other', folder },
  ]);
  expect(await moduleOfArgument(home, folder, [])).toMatchObject({ route: 'word', folder });
});

it('commas separate names in --modules but not in the argument of one module', async () => {
  await expect(modulesOfFlags(home, ['a,b'], [])).rejects.toMatchObject({
    code: 'module_not_installed',
    details: { name: 'a' },
  });
  for (const name of ['a,b', 'a=b'])
    await expect(moduleOfArgument(home, name, [])).rejects.toMatchObject({
      code: 'module_name_illegal',
      details: { name },
    });
});

it('a route must be a legal module name', async () => {
  await expect(modulesOfFlags(home, [`1st=${folder}`], [])).rejects.toMatchObject({
    code: 'module_name_illegal',
    details: { name: '1st' },
  });
});

/** The source of a module with these parameters. */
const gpuModule = (name: string, schema: string): string => `import { defineModule, z } from 'ocrhub';
export default defineModule({
  name: '${name}', version: '1.0.0', params: {}, schema: z.object({ ${schema} }), predict: () => null,
});`;

describe('--set use_gpu=true', () => {
  const open = async (name: string, schema: string): Promise<string> =>
    writeFiles(path.join(home.root, 'gpu', name), packageFiles(gpuModule(name, schema)));
  const device = "device: z.enum(['cpu', 'cuda']).default('cpu')";

  it('is accepted for a module that has only device, with and without its route', async () => {
    const folder = await open('has_device', device);
    for (const set of ['use_gpu=true', 'has_device.use_gpu=true']) {
      expect(await modulesOfFlags(home, [folder], [set])).toMatchObject([{ initArgs: { use_gpu: true } }]);
      expect(await moduleOfArgument(home, folder, [set])).toMatchObject({ initArgs: { use_gpu: true } });
    }
  });

  it('must be true or false for a module that has only device', async () => {
    await expect(moduleOfArgument(home, await open('has_device', device), ['use_gpu=7'])).rejects.toMatchObject({
      code: 'value_invalid',
    });
  });

  it('applies to no module that has neither use_gpu nor device', async () => {
    const [plain, gpu] = [await open('plain', ''), await open('has_device', device)];
    await expect(moduleOfArgument(home, plain, ['use_gpu=true'])).rejects.toMatchObject({ code: 'key_unknown' });
    expect(await modulesOfFlags(home, [plain, gpu], ['use_gpu=true'])).toMatchObject([
      { initArgs: {} },
      { initArgs: { use_gpu: true } },
    ]);
  });
});
