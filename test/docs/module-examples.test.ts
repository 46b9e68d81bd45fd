import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { packageFiles, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

const page = readFileSync(path.join(root, 'docs', 'modules.md'), 'utf8');
const modules = [...page.matchAll(/^```ts\n(.*?)^```$/gms)]
  .map(([, code = '']) => code)
  .filter((code) => code.includes('defineModule('));

it('docs/modules.md shows modules', () => {
  expect(modules.length).toBeGreaterThan(1);
});

describe.each(modules.map((code) => [/name: '(\w+)'/.exec(code)?.[1] ?? '', code]))('%s', (name, code) => {
  it(`the module ${name} of docs/modules.md reads a picture`, async () => {
    const folder = await writeFiles(await temporaryFolder(), packageFiles(code));
    const picture = path.join('test', 'fixtures', 'small.png');
    const { code: exit, stdout, stderr } = await ocrhub(await temporaryFolder(), ['run', folder, picture, '--json']);
    expect([exit, stderr]).toEqual([0, '']);
    expect((JSON.parse(stdout) as { result: unknown }[])[0]?.result).toBeTruthy();
  });
});
