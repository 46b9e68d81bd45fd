import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

const run = promisify(execFile);

/** What bash offers for the last of some words. */
async function complete(home: string, ...words: string[]): Promise<string[]> {
  const { stdout: script } = await ocrhub(home, ['completion', 'bash']);
  const file = path.join(await temporaryFolder(), 'completion');
  await writeFile(file, script);
  const ask = `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ocrhub; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', ask, file, 'ocrhub', ...words], {
    env: { ...process.env, OCRHUB_HOME: '' },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(process.platform === 'win32')('ocrhub completion bash (Windows has no bash)', () => {
  it('completes commands', async () => {
    const home = await temporaryFolder();
    expect(await complete(home, 'inst')).toEqual(['install']);
    expect(await complete(home, '')).toEqual(expect.arrayContaining(['serving', 'config', 'predict']));
    expect((await complete(home, 'serving', 'st')).sort()).toEqual(['start', 'status', 'stop']);
  });

  it("completes a command's own flags", async () => {
    const home = await temporaryFolder();
    expect(await complete(home, 'serving', 'start', '-p', '8866', '--max_b')).toEqual(['--max_body']);
    expect(await complete(home, 'serving', 'stop', '--max_b')).toEqual([]);
    expect(await complete(home, 'clear', '--y')).toEqual(['--yes']);
  });

  it('completes the names of modules that are installed at that moment', async () => {
    const home = path.join(await temporaryFolder(), 'a $HOME `x` "b" }');
    await mkdir(path.join(home, 'modules', 'mine'), { recursive: true });
    expect(await complete(home, 'show', '')).toEqual(['mine']);
    expect(await complete(home, 'serving', 'start', '-m', 'm')).toEqual(['mine']);
    expect(await complete(home, 'list', '')).toEqual([]);
  });
});

it('completion zsh prints the bash function with the emulation of bash', async () => {
  const home = await temporaryFolder();
  const bash = await ocrhubJson<{ script: string }>(home, ['completion', 'bash']);
  const zsh = await ocrhubJson<{ script: string }>(home, ['completion', 'zsh']);
  expect(zsh.script).toMatch(/^autoload -U \+X compinit .*\nautoload -U \+X bashcompinit && bashcompinit\n/);
  expect(zsh.script.endsWith(bash.script)).toBe(true);
});

const zsh = spawnSync('zsh', ['--version']).status === 0;

describe.skipIf(!zsh)('ocrhub completion zsh (needs zsh)', () => {
  it.each([
    ['inst', 'install'],
    ['serving start --max_b', 'serving start --max_body'],
    ['serving stop --al', 'serving stop --all'],
    ['show m', 'show mine'],
    ['serving start -m m', 'serving start -m mine'],
  ])('in a terminal, "%s" and the tab key give "%s"', async (typed, completed) => {
    const home = await temporaryFolder();
    await mkdir(path.join(home, 'modules', 'mine'), { recursive: true });
    const script = await ocrhub(home, ['completion', 'zsh']);
    // What the line has become is what ocrhub is called with.
    const ran = path.join(home, 'ran');
    await writeFile(path.join(home, '.zshrc'), `${script.stdout}\nocrhub() { print -r -- "$*" > '${ran}' }\n`);
    const terminal = `
      zmodload zsh/zpty
      zpty shell zsh -i
      zpty -w -n shell $'ocrhub ${typed}\t\n'
      while [[ ! -s '${ran}' ]]; do zpty -r -t shell line || sleep 0.1; done
    `;
    await run('zsh', ['-f', '-c', terminal], {
      env: { ...process.env, ZDOTDIR: home, OCRHUB_HOME: home },
      timeout: 30_000,
    });
    expect((await readFile(ran, 'utf8')).trim()).toBe(completed);
  });
});

it('knows no other shell', async () => {
  expect((await ocrhub(await temporaryFolder(), ['completion', 'fish'])).code).toBe(2);
});
