import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhubJson, root, withoutVitest, type CliResult } from '../helpers/cli.js';
import { packageFiles, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';

/* Commands in a cgroup whose memory is too little. It needs a system that lets this user make one. */

const name = `ocrhub-test-${process.pid}`;
const hierarchies = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max' },
];
const hierarchy = hierarchies.find(({ folder, limit }) => {
  const made = path.join(folder, name);
  try {
    mkdirSync(made);
    if (!existsSync(path.join(made, limit))) throw new Error('the kernel limits no memory here');
    execFileSync('sh', ['-c', 'echo $$ > "$0/cgroup.procs"', made], { stdio: 'ignore' });
    return true;
  } catch {
    if (existsSync(made)) rmdirSync(made);
    return false;
  }
});
const group = hierarchy && path.join(hierarchy.folder, name);

let home: string;
beforeAll(async () => {
  home = await sharedHome();
  await ocrhubJson(home, ['install', 'ocr_system']);
});
afterAll(async () => {
  await removeHome(home);
  if (group !== undefined) rmdirSync(group);
});

/** Runs a command in the group, with so many MiB. */
function limited(mebibytes: number, args: readonly string[]): Promise<CliResult> {
  writeFileSync(path.join(group ?? '', hierarchy?.limit ?? ''), String(mebibytes * 1024 ** 2));
  const enter = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
  const command = [process.execPath, path.join(root, 'bin', 'run.js'), ...args];
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', enter, group ?? '', ...command], {
      env: { ...withoutVitest(process.env), OCRHUB_HOME: home, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function scans(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'scans');
  await mkdir(folder);
  await cp(path.join(root, 'test', 'fixtures', 'page.png'), path.join(folder, 'page.png'));
  return folder;
}

const commands: readonly (readonly [string, (folder: string) => Promise<string[]>])[] = [
  ['batch', (folder) => Promise.resolve(['batch', folder, `${folder}-out`, '--workers', '1'])],
  ['serving start', async () => ['serving', 'start', '-m', 'ocr_system', '-p', String(await freePort())]],
];

describe.skipIf(group === undefined)('in a cgroup with little memory', () => {
  it.each(commands)('%s refuses to start in 150 MiB and says how much it needs', async (_, argsOf) => {
    const { code, stderr } = await limited(150, await argsOf(await scans()));
    expect([code, stderr]).toEqual([5, expect.stringContaining('The cgroup allows 150 MiB of memory')]);
    expect(stderr).toMatch(/Allow at least \d+ MiB/);
  });

  it.each(commands)('%s tells that the kernel killed its process in 90 MiB', async (_, argsOf) => {
    const { code, stderr } = await limited(90, await argsOf(await scans()));
    expect(code).toBe(5);
    expect(stderr).toMatch(
      /SIGKILL: the kernel killed it for lack of memory; its cgroup allows 90 MiB|cgroup allows 90 MiB/,
    );
  });

  it('run warns before the kernel kills it in 90 MiB', async () => {
    const { stderr } = await limited(90, ['run', 'ocr_system', path.join(await scans(), 'page.png')]);
    expect(stderr).toContain('Warning: the cgroup allows 90 MiB');
  });

  it('install says that the kernel killed a module that takes all memory while it is loaded', async () => {
    const source = `const kept = [];
for (;;) kept.push(Buffer.alloc(1 << 20, 1));
export default kept;
`;
    const folder = await writeFiles(path.join(await temporaryFolder(), 'greedy'), packageFiles(source));
    const { code, stderr } = await limited(200, ['install', folder]);
    expect([code, stderr]).toEqual([5, expect.stringContaining('the kernel killed it for lack of memory')]);
  });
});
