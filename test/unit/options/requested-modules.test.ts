import path from 'node:path';
import { beforeAll, afterAll, expect, it } from 'vitest';
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
