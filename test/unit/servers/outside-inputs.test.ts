import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundleName } from '../../../src/runtime/module/load.js';
import { compilePackage } from '../../../src/runtime/registry/compile/compile.js';
import { openPackage } from '../../../src/runtime/registry/package-folder.js';
import { outsideInputs } from '../../../src/runtime/servers/outside-inputs.js';
import { packageFiles, wordModule, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

it('outsideInputs finds imported files outside the folder, and neither its own files nor npm packages', async () => {
  const imports = ['../../shared/a.js', '../../shared/below/b.js', '../beside.js', './own.js', 'some'];
  const module = imports.map((name, i) => `import v${i} from '${name}';\nconsole.log(v${i});\n`).join('');
  const source = 'export default 1;';
  const root = await writeFiles(await temporaryFolder(), {
    'shared/a.ts': "import c from './c.json';\nexport default c;",
    'shared/c.json': '[1]',
    'shared/below/b.ts': source,
    'shared/unused.ts': source,
    'apps/beside.ts': source,
    'node_modules/some/index.js': source,
    ...Object.fromEntries(
      Object.entries({ ...packageFiles(`${module}${wordModule('word')}`), 'own.ts': source }).map(([name, text]) => [
        `apps/word/${name}`,
        text,
      ]),
    ),
  });
  const folder = path.join(root, 'apps/word');
  const { sourceMap } = await compilePackage(await openPackage(folder));
  const copy = await temporaryFolder();
  await writeFile(path.join(copy, `${bundleName}.map`), sourceMap);
  expect(await outsideInputs({ folder, path: copy })).toEqual(
    new Map([
      [path.join(root, 'shared'), new Set(['a.ts', 'c.json'])],
      [path.join(root, 'shared/below'), new Set(['b.ts'])],
      [path.join(root, 'apps'), new Set(['beside.ts'])],
    ]),
  );
});
