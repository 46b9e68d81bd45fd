import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { temporaryFolder, temporaryHome } from '../helpers/home.js';

/** Runs a module in a process of its own, whose user has an empty home folder. */
async function run(home: string, userHome: string): Promise<{ pid: number; code: number | null }> {
  const command = [path.join(root, 'bin', 'run.js'), 'run', 'ocr_rec', path.join(root, 'test', 'fixtures', 'line.png')];
  const env = { ...process.env, OCRHUB_HOME: home, HOME: userHome };
  const child = spawn(process.execPath, command, { env, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { pid: child.pid ?? 0, code };
}

/** Milliseconds since 1970; 0 without such a file. An older one is of a program that had this id before. */
async function writtenAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

it.skipIf(process.platform !== 'linux')(
  'the engine reports nothing to its makers and leaves nothing behind',
  async () => {
    const home = await temporaryHome();
    const userHome = await temporaryFolder();
    await ocrhub(home, ['install', 'ocr_rec']);
    const start = Date.now();
    const { pid, code } = await run(home, userHome);
    expect(code).toBe(0);
    // The offline cache and the id of the machine, and the log of the uploader.
    expect(await readdir(userHome)).toEqual([]);
    expect(await writtenAt(`/tmp/mat-debug-${pid}.log`)).toBeLessThan(start);
  },
);
