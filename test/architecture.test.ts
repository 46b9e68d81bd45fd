import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './helpers/cli.js';

const runtime = path.join(root, 'src', 'runtime');

/** Entry files of processes, which may end their process. */
const processEntries = ['server/main.ts', 'worker/main.ts', 'worker/inspect-main.ts', 'process/watch-parent.ts'];

async function sources(): Promise<string[]> {
  const names = await readdir(runtime, { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => name.replaceAll('\\', '/'));
}

/** Lines of code that match, as `file:line: text`. Comments are ignored. */
async function findInCode(pattern: RegExp, except: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of await sources()) {
    if (except.includes(file)) continue;
    const code = (await readFile(path.join(runtime, file), 'utf8'))
      .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
      .replace(/(^|\s)\/\/.*$/gm, '');
    for (const [index, line] of code.split('\n').entries())
      if (pattern.test(line)) found.push(`${file}:${index + 1}: ${line.trim()}`);
  }
  return found;
}

it('all imports follow the rules of .dependency-cruiser.cjs', () => {
  const bin = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const { status, stdout } = spawnSync(process.execPath, [bin, '--output-type', 'err', 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout).toContain('no dependency violations found');
  expect(status).toBe(0);
});

describe('src/runtime', () => {
  it('reads the environment only in config/environment.ts', async () => {
    expect(await findInCode(/process\.env\b|process\[['"]env/, ['config/environment.ts'])).toEqual([]);
  });

  it('prints to the console only where a log or a protocol has it as its output', async () => {
    const outputs = ['server/log.ts', 'mcp/serve.ts'];
    expect(await findInCode(/\bconsole\./, [])).toEqual([]);
    expect(await findInCode(/process\.(stdout|stderr)\.write/, outputs)).toEqual([]);
  });

  it('ends a process only in the entry files of processes', async () => {
    expect(await findInCode(/process\.exit\b|process\.exitCode\b|process\.abort\b/, processEntries)).toEqual([]);
  });
});
