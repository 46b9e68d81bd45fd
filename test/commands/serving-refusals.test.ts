import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson, root, type CliResult } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder, temporaryHome } from '../helpers/home.js';

/* What `serving start` refuses before a process is started: one home with three modules serves all tests. */

let home: string;

beforeAll(async () => {
  home = await sharedHome();
  await ocrhub(home, ['install', 'ocr_det']);
  for (const version of ['1.0.0', '1.2.0']) {
    const folder = await writeFiles(path.join(home, 'src', version), packageFiles(wordModule('word', { version })));
    await ocrhub(home, ['install', folder]);
  }
});

afterAll(() => removeHome(home));

/** `serving start` that must fail, and leave no trace of a server. */
async function refusal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const result = await ocrhub(home, ['serving', 'start', ...args], {
    env: { CUDA_VISIBLE_DEVICES: undefined, ...env },
  });
  expect(result.stdout).toBe('');
  expect(await namesIn(path.join(home, 'logs'))).toEqual([]);
  expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
  return result;
}

async function configFile(content: unknown): Promise<string> {
  const file = path.join(await temporaryFolder(), 'config.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const word = { word: { init_args: {}, predict_args: {} } };

describe('serving start refuses modules:', () => {
  it('without -m and -c, listing the installed modules and an example', async () => {
    expect(await refusal([])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Error: No modules given. Use --modules or --config (installed: ocr_det==1.0.0, word==1.2.0, word==1.0.0)\nFor example: ocrhub serving start -m ocr_det\n',
    });
  });

  it('with none installed, printing how to install one', async () => {
    const result = await ocrhub(await temporaryFolder(), ['serving', 'start']);
    expect(result.code).toBe(2);
    expect(result.stderr).toBe(
      'Error: No modules given. Use --modules or --config (installed: none)\nInstall one first: ocrhub install ocr_system\n',
    );
  });

  it('an unknown name', async () => {
    const result = await refusal(['-m', 'nope']);
    expect(result.code).toBe(3);
    expect(result.stderr).toBe(
      'Error: Module nope is not installed; installed: ocr_det, word\nInstall your own folder: ocrhub install ./nope, or a stock package: ocrhub install NAME, where NAME is one of ocr_cls, ocr_det, ocr_rec, ocr_system\n',
    );
  });

  it('a mistyped name, suggesting the nearest', async () => {
    const { code, stderr } = await refusal(['-m', 'ocr_dte']);
    expect(code).toBe(3);
    expect(stderr).toContain('installed: ocr_det, word; did you mean "ocr_det"?\n');
  });

  it('an unknown version, listing the installed ones', async () => {
    const result = await refusal(['-m', 'ocr_det', 'word==3.0.0']);
    expect(result.code).toBe(3);
    expect(result.stderr).toBe('Error: Version 3.0.0 of word is not installed; installed: 1.2.0, 1.0.0\n');
  });

  it('an illegal name or version', async () => {
    expect(await refusal(['-m', 'a b'])).toMatchObject({ code: 2 });
    expect(await refusal(['-m', 'word==1'])).toMatchObject({ code: 2 });
  });

  it('a missing folder', async () => {
    const result = await refusal(['-m', './nowhere']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain(`Error: There is no folder ${path.join(root, 'nowhere')}\n`);
  });

  it('a module named twice', async () => {
    const result = await refusal(['-m', 'word,word==1.0.0']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('Error: --modules is "word word==1.0.0": word is named twice');
  });
});

describe('serving start refuses flags:', () => {
  it.each([
    [['-p', '-5'], '--port is -5: expected an integer from 1 to 65535'],
    [['-p', '0'], '--port is 0: expected an integer from 1 to 65535'],
    [['-p', '70000'], '--port is 70000: expected an integer from 1 to 65535'],
    [['-p', 'abc'], 'Parsing --port \n\tExpected an integer but received: abc'],
    [['--workers', '0'], '--workers is 0: expected an integer from 1 to 1024'],
    [['--timeout', 'soon'], 'Parsing --timeout \n\tExpected a number but received: soon'],
    [['--timeout', '0'], '--timeout is 0: expected a number above 0, at most 86400'],
    [['--max_body', '10XB'], '--max_body is "10XB": expected a size such as 67108864, 64MiB or 40MP'],
    [['--max_body', '512MiB'], '--max_body is 536870912: expected at most 511MiB, the longest string in Node.js'],
    [['--max-queue', '-1'], '--max_queue is -1: '],
    [['--nope'], 'Nonexistent flag: --nope'],
  ])('%j', async (args, message) => {
    const result = await refusal(['-m', 'word', ...args]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`Error: ${message}`);
  });

  it('with --json by the same exit code and an object on stdout', async () => {
    const args = ['serving', 'start', '-m', 'word', '-p', '70000'];
    const message = '--port is 70000: expected an integer from 1 to 65535';
    expect(await ocrhubJson(home, args, 2)).toEqual({ error: { code: 'value_invalid', message, hint: '' } });
    expect(await ocrhubJson(home, ['serving', 'stop', '-p', 'abc'], 2)).toEqual({
      error: {
        code: 'usage',
        message: 'Parsing --port \n\tExpected an integer but received: abc',
        hint: 'See the flags and examples with --help.',
      },
    });
  });
});

describe('serving start refuses', () => {
  it('a port that another program uses', async () => {
    const stranger = createServer();
    const port = await new Promise<number>((resolve) => {
      stranger.listen(0, '127.0.0.1', () => {
        const address = stranger.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    onTestFinished(() => void stranger.close());
    const result = await refusal(['-m', 'word', '-p', String(port)]);
    expect(result.code).toBe(4);
    expect(result.stderr).toBe(`Error: Port ${port} is already in use\nChoose another one with --port.\n`);
  });

  it('an address that is not of this machine', async () => {
    const port = String(await freePort());
    const result = await refusal(['-m', 'word', '--host', '192.0.2.1', '-p', port]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`Error: Cannot listen on 192.0.2.1, port ${port}: listen EADDRNOTAVAIL`);
  });
});

describe('serving start refuses a config file', () => {
  it('that is missing', async () => {
    const result = await refusal(['-c', '/nowhere/config.json']);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('Error: /nowhere/config.json does not exist\n');
  });

  it('that is malformed', async () => {
    const file = await configFile('{"modules_info": {');
    const result = await refusal(['-c', file]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`Error: ${file} is not valid JSON: `);
  });

  it('with an unknown key, naming the nearest one', async () => {
    const file = await configFile({ modules_info: word, prot: 8866 });
    const result = await refusal(['-c', file]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/: unknown key "prot"; did you mean "port"\?\n$/);
  });

  it('with an unknown key inside a module, naming the nearest one', async () => {
    const file = await configFile({ modules_info: { word: { initargs: {} } } });
    const result = await refusal(['-c', file]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/modules_info\.word: unknown key "initargs"; did you mean "init_args"\?\n/);
  });

  it('with a module or version that is not installed', async () => {
    const unknown = await refusal(['-c', await configFile({ modules_info: { nope: {} } })]);
    expect([unknown.code, unknown.stderr]).toEqual([
      3,
      expect.stringContaining('Module nope is not installed') as string,
    ]);
    const version = { word: { init_args: { version: '9.0.0' } } };
    const wrong = await refusal(['-c', await configFile({ modules_info: version })]);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toBe('Error: Version 9.0.0 of word is not installed; installed: 1.2.0, 1.0.0\n');
  });

  it('with a version that is not a string', async () => {
    const own = await temporaryHome();
    await ocrhub(own, ['install', path.join(home, 'src', '1.0.0')]);
    const modules = { word: { init_args: { version: 1 } } };
    const file = await configFile({ modules_info: modules, port: await freePort() });
    const { code, stderr } = await ocrhub(own, ['serving', 'start', '-c', file]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/version is 1: .*expected string/) as string]);
  });
});

describe('serving start refuses use_gpu', () => {
  it('without CUDA_VISIBLE_DEVICES', async () => {
    const expected = {
      code: 2,
      stdout: '',
      stderr:
        'Error: cannot run on the GPU: CUDA_VISIBLE_DEVICES is not set\nSet CUDA_VISIBLE_DEVICES and install ocrhub with ONNXRUNTIME_NODE_INSTALL unset (it then brings the CUDA libraries), or run on the CPU.\n',
    };
    const module = { ocr_det: { init_args: { use_gpu: true } } };
    expect(await refusal(['-c', await configFile({ modules_info: module })])).toEqual(expected);
    expect(await refusal(['-c', await configFile({ modules_info: word, use_gpu: true })])).toEqual(expected);
  });

  it.each([
    [{ modules_info: word, use_gpu: true, use_multiprocess: true }],
    [{ modules_info: { ocr_det: { init_args: { use_gpu: true } } }, use_multiprocess: true }],
    [{ modules_info: { ocr_det: { init_args: { device: 'cuda' } } }, use_multiprocess: true }],
  ])('together with use_multiprocess: %j', async (content) => {
    const result = await refusal(['-c', await configFile(content)], { CUDA_VISIBLE_DEVICES: '0' });
    expect(result.code).toBe(2);
    expect(result.stderr).toBe('Error: use_gpu and use_multiprocess cannot both be true\nTake one of them out.\n');
  });
});

describe('serving stop', () => {
  it('of a port without a server exits with 3 and names the ports that have one', async () => {
    const port = await freePort();
    const message = `No ocrhub server of ${home} is running on port ${port}; ports with one: none`;
    const stopped = await ocrhub(home, ['serving', 'stop', '-p', String(port)]);
    expect(stopped).toEqual({ code: 3, stdout: '', stderr: `Error: ${message}\n` });
    expect(await ocrhubJson(home, ['serving', 'stop', '-p', String(port)], 3)).toEqual({
      error: { code: 'server_not_found', message, hint: '' },
    });
  });

  it('--all without a server says so', async () => {
    expect(await ocrhub(home, ['serving', 'stop', '--all'])).toMatchObject({
      code: 0,
      stdout: `No server of ${home} is running\n`,
    });
    expect(await ocrhubJson(home, ['serving', 'stop', '--all'])).toEqual([]);
  });
});
