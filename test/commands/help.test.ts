import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

/** `serving/start.ts` is the command `serving start`. */
const commands = readdirSync(path.join(root, 'src', 'commands'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !path.basename(file).startsWith('_'))
  .map((file) => file.slice(0, -'.ts'.length).split(path.sep).join(' '));

describe.each(commands)('ocrhub %s --help', (command) => {
  it('--help shows usage, --json and examples that can be copied', async () => {
    const { code, stdout, stderr } = await ocrhub(await temporaryFolder(), [...command.split(' '), '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`USAGE\n  $ ocrhub ${command}`);
    // Its standard output belongs to the protocol.
    if (command !== 'mcp') expect(stdout).toContain('--json');
    const [, examples = ''] = stdout.split('EXAMPLES\n');
    expect(examples).toMatch(new RegExp(`^  \\$ ocrhub ${command}\\b`));
  });
});

it('help lists the commands and no helper file', async () => {
  const { code, stdout } = await ocrhub(await temporaryFolder(), ['--help']);
  expect(code).toBe(0);
  for (const command of commands) expect(stdout).toContain(`  ${command.split(' ')[0] ?? ''} `);
  expect(stdout).not.toMatch(/^ +_/m);
});

it('help prints no colors if stdout is not a terminal', async () => {
  const home = await temporaryFolder();
  for (const args of [
    ['--help'],
    ['serving', 'start', '--help'],
    ['list'],
    ['serving', 'start'],
    ['install', 'nope'],
    ['install'],
  ]) {
    const { stdout, stderr } = await ocrhub(home, args, { env: { NO_COLOR: undefined } });
    expect(stdout + stderr).not.toContain('\u001B');
  }
});

it('ocrhub exits with 2 for an unknown command and with 0 for --version', async () => {
  const home = await temporaryFolder();
  const unknown = await ocrhub(home, ['nonsense']);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain('command nonsense not found');
  expect(await ocrhub(home, ['--version'])).toMatchObject({ code: 0, stderr: '' });
});
