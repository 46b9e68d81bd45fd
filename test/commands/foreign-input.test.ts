import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/home.js';

const run = path.resolve('bin/run.js');

/** Runs a command with a text on standard input. */
function withInput(
  args: readonly string[],
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [run, ...args], { env: { ...process.env, ...env }, stdio: 'pipe' });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('close', (code) => resolve({ code, out }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}

it.each([
  ['uninstall'],
  ['install'],
  ['show'],
  ['create'],
  ['download'],
  ['search'],
  ['completion'],
  ['config get'],
  ['config set'],
  ['config set port'],
  ['config unset'],
  ['predict'],
  ['run'],
  ['batch'],
  ['batch status'],
  ['batch merge'],
  ['batch retry'],
])('`ocrhub %s` takes no missing argument from standard input', async (line) => {
  const home = await temporaryFolder();
  const { code, out } = await withInput(line.split(' '), 'ocr_rec', { OCRHUB_HOME: home });
  expect(out).toMatch(/Missing \d required arg|Name one key, or use --all|No file is named/);
  expect(code).toBe(2);
});

it('no command loads a plugin that the user’s data folder names', async () => {
  const data = await temporaryFolder();
  const plugin = path.join(data, 'ocrhub', 'node_modules', 'plugin');
  await mkdir(plugin, { recursive: true });
  const settings = { schema: 1, plugins: [{ type: 'user', name: 'plugin', tag: 'latest' }] };
  await writeFile(path.join(data, 'ocrhub', 'package.json'), JSON.stringify({ name: 'a', oclif: settings }));
  const hooks = { init: './hook.js' };
  await writeFile(
    path.join(plugin, 'package.json'),
    JSON.stringify({ name: 'plugin', version: '1.0.0', type: 'module', oclif: { hooks } }),
  );
  await writeFile(path.join(plugin, 'hook.js'), "export default () => console.log('the hook ran');");
  for (const args of [['list'], ['version'], ['help'], ['nothing']]) {
    const { out } = await withInput(args, '', { OCRHUB_HOME: await temporaryFolder(), XDG_DATA_HOME: data });
    expect(out).not.toContain('the hook ran');
  }
});
