import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';

describe('an unknown command', () => {
  it.each([
    ['instal ocr_system', 'instal', 'install'],
    ['lits', 'lits', 'list'],
    ['serving strat -p 8866', 'serving strat', 'serving start'],
    ['servnig stop', 'servnig', 'serving stop'],
    ['srving', 'srving', 'serving'],
    ['start -m ocr_system', 'start', 'serving start'],
    ['instal --help', 'instal', 'install'],
    ['help instal', 'instal', 'install'],
    ['help serving strat', 'serving strat', 'serving start'],
  ])('in `ocrhub %s` is refused with the nearest one', async (line, unknown, near) => {
    expect(await ocrhub(await temporaryFolder(), line.split(' '))).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: command ${unknown} not found\nDid you mean: ocrhub ${near}\n`,
    });
  });

  it('that resembles none is refused without a suggestion', async () => {
    const { code, stderr } = await ocrhub(await temporaryFolder(), ['qqqqqq']);
    expect([code, stderr]).toEqual([2, 'Error: command qqqqqq not found\nSee them all: ocrhub help\n']);
  });

  it.each([[['instal', 'ocr_system']], [['help', 'instal']]])(
    'is reported as an object with --json: %j',
    async (args) => {
      expect(await ocrhubJson(await temporaryFolder(), args, 2)).toEqual({
        error: { code: 'usage', message: 'command instal not found', hint: 'Did you mean: ocrhub install' },
      });
    },
  );
});

it.each([
  ['list all', 'all', 'list'],
  ['serving stop 8868', '8868', 'serving stop'],
  ['serving start ocr_system ocr_det', 'ocr_system ocr_det', 'serving start'],
])('an argument to a command that takes none is refused: `ocrhub %s`', async (line, argument, command) => {
  expect(await ocrhub(await temporaryFolder(), line.split(' '))).toEqual({
    code: 2,
    stdout: '',
    stderr: `Error: Unexpected argument: ${argument}\nSee how it is used: ocrhub ${command} --help\n`,
  });
});

it.each(['--foo', '--foo list', '-p 8868'])(
  'a flag where a command should stand is refused: `ocrhub %s`',
  async (line) => {
    expect(await ocrhub(await temporaryFolder(), line.split(' '))).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: ${line.split(' ')[0] ?? ''} stands where a command should\nSee them all: ocrhub help\n`,
    });
  },
);

it('--json in place of a command is refused with an object', async () => {
  const { code, stdout } = await ocrhub(await temporaryFolder(), ['--json']);
  const error = { code: 'usage', message: '--json stands where a command should', hint: 'See them all: ocrhub help' };
  expect([code, JSON.parse(stdout)]).toEqual([2, { error }]);
});

describe('an unknown flag', () => {
  it.each([
    ['serving start --prot 8866', '--prot', '--port'],
    ['serving start --max-ques 3', '--max-ques', '--max-queue'],
    ['serving stop --prot=8866', '--prot=8866', '--port'],
    ['list --jsno', '--jsno', '--json'],
    // These take any number of arguments, and oclif would take the flag for one.
    ['install --jsno ocr_system', '--jsno', '--json'],
    ['predict http://127.0.0.1:1/predict/x a.jpg --visualise out', '--visualise', '--visualize'],
  ])('in `ocrhub %s` is refused with the nearest one', async (line, unknown, near) => {
    expect(await ocrhub(await temporaryFolder(), line.split(' '))).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: Nonexistent flag: ${unknown}\nDid you mean ${near}? See the flags and examples with --help.\n`,
    });
  });

  it('is reported as an object with --json', async () => {
    expect(await ocrhubJson(await temporaryFolder(), ['serving', 'start', '--prot', '1'], 2)).toEqual({
      error: {
        code: 'usage',
        message: 'Nonexistent flag: --prot',
        hint: 'Did you mean --port? See the flags and examples with --help.',
      },
    });
  });

  it('is an argument after --', async () => {
    const { code, stderr } = await ocrhub(await temporaryFolder(), ['install', '--', '--jsno']);
    expect(code).toBe(3);
    expect(stderr).toContain('No stock package is called "--jsno"');
  });
});

describe('ocrhub help', () => {
  it('prints what --help prints', async () => {
    const home = await temporaryFolder();
    for (const command of [[], ['list'], ['serving'], ['serving', 'start']]) {
      const help = await ocrhub(home, ['help', ...command]);
      expect(help).toEqual(await ocrhub(home, [...command, '--help']));
      expect(help).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it('lists the commands with --json', async () => {
    const home = await temporaryFolder();
    const all = await ocrhubJson<{ command: string; summary: string }[]>(home, ['help']);
    expect(all.map(({ command }) => command)).toEqual(
      expect.arrayContaining(['install', 'serving start', 'config get']),
    );
    const serving = await ocrhubJson<{ command: string }[]>(home, ['help', 'serving']);
    expect(serving.map(({ command }) => command).sort()).toEqual(
      ['logs', 'restart', 'start', 'status', 'stop'].map((name) => `serving ${name}`),
    );
  });
});
