import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renameModule } from '../../../src/runtime/authoring/rename-module.js';
import { root } from '../../helpers/cli.js';

describe('renameModule', () => {
  it.each([
    "export default defineModule({\n  name: 'old',\n});",
    'export default defineModule({ version: "1.0.0", name: "old" });',
    "const other = { name: 'keep' };\nexport default defineModule({\n  name: 'old',\n});",
    "const service = defineModule({\n  name: 'old',\n});\nexport default service;",
    "export default {\n  name: 'old',\n};",
    "export default defineModule({\n  // name: 'keep' is not it\n  name: 'old', /* name: 'keep' */\n});",
    "export default defineModule({\n  summary: \"name: 'keep'\",\n  maker: { name: 'keep' },\n  name: 'old',\n});",
    "// As in defineModule({ name: 'keep' }):\nexport default defineModule({\n  file_name: 'keep',\n  name: 'old',\n});",
    "export default defineModule({\n  predict: () => { if (true) { return [{ name: 'keep' }]; } },\n  name: 'old',\n});",
    "export default defineModule({\n  fields: { kind: { name: 'keep' } },\n  name: 'old',\n});",
    "export default defineModule({\n  summary: `{ ${['`{', { name: 'keep' }].length} name: 'keep'`,\n  name: 'old',\n});",
    "export default defineModule({\n  predict: () => /[/'{]\\/{/.test('') || 4 / 2 > '/'.length,\n  name: 'old',\n});",
    "export default defineModule({ /* { */ version: '1.0.0', // {\n  'name': 'old' });",
    "export default defineModule<typeof schema, undefined, { name: 'keep' }>({\n  name: 'old',\n});",
    "const other = defineModule({ name: 'keep' });\nexport default defineModule({ name: 'old' });",
  ])('changes the name of the defined module and nothing else: %s', (source) => {
    const renamed = source.replace(/(['"])old\1/, "'mine'");
    expect(renameModule(source, 'mine')).toBe(renamed);
  });

  it.each([
    "const NAME = 'noisy';\nexport default defineModule({ name: NAME });",
    "export default defineModule({\n  // name: 'keep'\n  name: NAME,\n});",
    "export const x = { name: 'keep' };",
    "export default defineModule({ name: 'keep' + suffix });",
    "const other = defineModule({ name: 'keep' });\nexport default defineModule(definition);",
    'export default defineModule({ name: `keep${suffix}` });',
    "const [a, b] = [defineModule({ name: 'keep' }), defineModule({ name: 'keep' })];\nexport default b;",
    "export default defineModule({ /* a */ inner: { deep: { name: 'keep' } }, /* b */ name: NAME });\nconst o = { /* c */ name: 'keep' };",
    `export default defineModule({ ${'/* c */ '.repeat(40)} name: NAME });`,
    `export default defineModule({ ${'/* c '.repeat(40)} name: 'keep' });`,
  ])('changes nothing if the name is not a plain string: %s', (source) => {
    expect(renameModule(source, 'mine')).toBeUndefined();
  });

  it.each([
    'src/modules/ocr_system',
    'src/modules/ocr_det',
    'src/modules/ocr_rec',
    'src/modules/ocr_cls',
    'examples/receipt',
    'examples/with-angle',
    'examples/calls-another',
  ])('changes the name of %s', async (folder) => {
    const source = await readFile(path.join(root, folder, 'module.ts'), 'utf8');
    expect(renameModule(source, 'mine')).toContain("defineModule({\n  name: 'mine',\n");
  });
});
