import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { health, isRunning, predict, startServer, until, untilHealth, type TestServer } from '../helpers/server.js';

let home: string;

beforeAll(async () => {
  home = await sharedHome();
  await installWord('one');
});

afterAll(() => removeHome(home));

async function installWord(word: string): Promise<void> {
  const folder = await writeFiles(path.join(home, 'src', 'word'), packageFiles(wordModule('word', { word })));
  await ocrhubJson(home, ['install', folder]);
}

const startWord = (port?: number): Promise<TestServer> =>
  startServer(home, { flags: ['-m', 'word'], ...(port === undefined ? {} : { port }) });

const stop = (port: number): ReturnType<typeof ocrhub> => ocrhub(home, ['serving', 'stop', '-p', String(port)]);

async function wordOf(server: TestServer): Promise<unknown> {
  return opened(await predict(server, 'word', { images: [fixture('pixel.png')] })).results;
}

function untilGone(...pids: number[]): Promise<boolean> {
  return until(
    `processes ${pids.join(', ')} end`,
    () => Promise.resolve(pids.some(isRunning)),
    (running) => !running,
  );
}

const stateFile = (port: number): string => path.join(home, 'serving', `${port}.json`);

const hasState = async (port: number): Promise<boolean> =>
  (await namesIn(path.join(home, 'serving'))).includes(`${port}.json`);

it('of two servers on two ports, each can be stopped alone with its inference processes', async () => {
  const [first, second] = [await startWord(), await startWord()];
  const pids = (await health(first)).processes.map(({ pid }) => pid);
  expect(pids).toHaveLength(1);
  expect((await stop(first.port)).stdout).toBe(`Stopped the server on port ${first.port} (pid ${first.pid})\n`);
  await untilGone(first.pid, ...pids);
  expect(await wordOf(second)).toEqual(['one']);
  expect([await hasState(first.port), await hasState(second.port)]).toEqual([false, true]);
  expect((await stop(second.port)).code).toBe(0);
  await untilGone(second.pid);
});

describe('a state file', () => {
  it('of a killed server is removed by stop, and its inference process has ended too', async () => {
    const server = await startWord();
    const pids = (await health(server)).processes.map(({ pid }) => pid);
    process.kill(server.pid, 'SIGKILL');
    await untilGone(server.pid, ...pids);
    expect(await stop(server.port)).toEqual({
      code: 0,
      stdout: `The server on port ${server.port} had already ended (pid ${server.pid}); its state file is removed\n`,
      stderr: '',
    });
    expect(await hasState(server.port)).toBe(false);
    expect((await stop(server.port)).code).toBe(3);
  });

  it('of a killed server does not prevent the next start', async () => {
    const server = await startWord();
    process.kill(server.pid, 'SIGKILL');
    await untilGone(server.pid);
    const next = await startWord(server.port);
    expect(await wordOf(next)).toEqual(['one']);
    await stop(next.port);
  });

  it.each([
    ['of a former server', true],
    ['that lacks all but pid and port', false],
  ])('%s whose pid now belongs to another program: stop does not signal that program', async (_, whole) => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    const server = await startWord();
    const state = JSON.parse(await readFile(stateFile(server.port), 'utf8')) as object;
    await stop(server.port);
    const identity = { pid: stranger.pid, port: server.port };
    const forged = whole ? { ...state, ...identity, startTime: Date.now() - 3_600_000 } : identity;
    await writeFile(stateFile(server.port), JSON.stringify(forged));
    onTestFinished(() => rm(stateFile(server.port), { force: true }));
    await stop(server.port);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    expect(isRunning(stranger.pid ?? 0)).toBe(true);
    const next = await startWord(server.port);
    await stop(next.port);
  });

  it.each([
    ['is gone', (file: string) => rm(file)],
    ['holds garbage', (file: string) => writeFile(file, '{"pid": ')],
  ])('that %s while its server runs is replaced by asking the server', async (_, damage) => {
    const server = await startWord();
    await damage(stateFile(server.port));
    const { servers } = await ocrhubJson<{ servers: TestServer[] }>(home, ['serving', 'status']);
    expect(servers).toMatchObject([{ port: server.port, pid: server.pid, ready: true }]);
    const again = await ocrhub(home, ['serving', 'start', '-m', 'word', '-p', String(server.port)]);
    expect(again.stderr).toContain(`is already in use by the ocrhub server with pid ${server.pid} (word)`);
    await ocrhubJson(home, ['serving', 'restart', '-p', String(server.port)]);
    expect(await hasState(server.port)).toBe(true);
    await damage(stateFile(server.port));
    expect((await stop(server.port)).stdout).toBe(`Stopped the server on port ${server.port} (pid ${server.pid})\n`);
    await untilGone(server.pid);
    expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
  });

  it('that is missing does not hide a server from stop --all', async () => {
    const server = await startWord();
    await rm(stateFile(server.port));
    expect(await ocrhubJson(home, ['serving', 'stop', '--all'])).toMatchObject([{ port: server.port, stopped: true }]);
  });

  it('that cannot be written fails the start, which leaves no socket', async () => {
    const port = await freePort();
    await writeFiles(path.join(home, 'serving'), { [`${port}.json/in-its-place`]: '' });
    const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'word', '-p', String(port)]);
    expect(code).toBe(5);
    expect(stderr).toContain(`The home folder of ocrhub, ${home}, cannot be used`);
    expect(await namesIn(path.join(home, 'serving'))).toEqual([`${port}.json`]);
    await rm(stateFile(port), { recursive: true });
  });

  it.skipIf(process.platform === 'win32')(
    'is not written where the socket cannot be opened, as the log tells (Windows has named pipes)',
    async () => {
      const port = await freePort();
      await writeFiles(path.join(home, 'serving'), { [`${port}.sock/in-its-place`]: '' });
      // In the foreground it also logs to stderr; a detached one ends before its file has the line.
      const start = ['serving', 'start', '-m', 'word', '-p', String(port), '--foreground'];
      const { code, stderr } = await ocrhub(home, start);
      expect(code).toBe(5);
      expect(stderr).toContain('"msg":"server did not start"');
      expect(stderr).toContain(`The home folder of ocrhub, ${home}, cannot be used`);
      expect(await hasState(port)).toBe(false);
      await rm(path.join(home, 'serving', `${port}.sock`), { recursive: true });
    },
  );

  it('with invalid content counts as no server for stop and does not prevent a start', async () => {
    const port = await freePort();
    await writeFiles(path.join(home, 'serving'), { [`${port}.json`]: 'garbage' });
    expect((await stop(port)).code).toBe(3);
    const server = await startWord(port);
    expect((await stop(port)).stdout).toBe(`Stopped the server on port ${port} (pid ${server.pid})\n`);
  });
});

describe('a running server', () => {
  it('keeps serving its first copy of a module that is replaced or removed, also in a new inference process', async () => {
    const server = await startWord();
    await installWord('two');
    expect(await wordOf(server)).toEqual(['one']);
    expect(await ocrhubJson(home, ['uninstall', 'word'])).toMatchObject({ versions: ['1.0.0'] });
    const [worker] = (await health(server)).processes;
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await untilHealth(server, 'a new inference process', ({ processes: [next] }) => {
      return next !== undefined && next.pid !== worker?.pid && next.state === 'idle';
    });
    expect(await wordOf(server)).toEqual(['one']);
    await stop(server.port);
    await installWord('one');
  });
});

it("a user's own package can be copied, installed, served, edited, installed again and served again", async () => {
  const folder = path.join(await temporaryFolder(), 'my_ocr');
  await cp(path.join(root, 'src', 'modules', 'ocr_system'), folder, { recursive: true });
  const linesOf = async (server: TestServer): Promise<number> => {
    const answer = opened<unknown[][]>(await predict(server, 'ocr_system', { images: [fixture('demo.jpg')] }));
    return answer.results[0]?.length ?? 0;
  };
  await ocrhubJson(home, ['install', folder]);
  const server = await startServer(home, { flags: ['-m', 'ocr_system'] });
  const before = await linesOf(server);
  expect(before).toBeGreaterThan(10);

  const params = path.join(folder, 'params.ts');
  await writeFile(params, (await readFile(params, 'utf8')).replace('drop_score: 0.5,', 'drop_score: 0.995,'));
  expect(await ocrhubJson(home, ['install', folder])).toMatchObject({ replaced: true });
  expect(await linesOf(server)).toBe(before);

  await stop(server.port);
  await ocrhubJson(home, ['uninstall', 'ocr_system']);
  await ocrhubJson(home, ['install', folder]);
  const again = await startServer(home, { flags: ['-m', 'ocr_system'] });
  expect(await linesOf(again)).toBeLessThan(before);
  await stop(again.port);
});

describe('a start that fails', () => {
  /** A module that writes down its process and the server's, then goes on as told. */
  async function installTracer(name: string, then: string): Promise<string> {
    const trace = path.join(home, `${name}.pids`);
    const module = `import { writeFileSync } from 'node:fs';
import { defineModule } from 'ocrhub';
export default defineModule({
  name: '${name}',
  version: '1.0.0',
  async initialize() {
    writeFileSync('${trace}', process.pid + ' ' + process.ppid);
    ${then}
  },
  predict: () => [],
});
`;
    await ocrhubJson(home, ['install', await writeFiles(path.join(home, 'src', name), packageFiles(module))]);
    return trace;
  }

  const pidsIn = async (trace: string): Promise<number[]> =>
    (await readFile(trace, 'utf8').catch(() => '')).split(' ').filter(Boolean).map(Number);

  it.each([
    ['throws', "throw new Error('no licence');", 'no licence', 'module_start_failed'],
    ['ends its process', 'process.exit(3);', 'exit code 3', 'process_start_failed'],
  ])('because the module %s reports the reason and leaves no files or processes', async (_, then, why, errorCode) => {
    const trace = await installTracer('broken', then);
    const port = String(await freePort());
    const { code, stdout } = await ocrhub(home, ['serving', 'start', '-m', 'broken', '-p', port, '--json']);
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: errorCode, message: expect.stringContaining(why) as string },
    });
    await untilGone(...(await pidsIn(trace)));
    expect(await hasState(Number(port))).toBe(false);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('because of %s leaves no files or processes', async (signal) => {
    const trace = await installTracer(`slow${signal}`, 'await new Promise((resolve) => setTimeout(resolve, 60_000));');
    const port = String(await freePort());
    const command = beginStart(`slow${signal}`, port);
    const pids = await until(
      'the module loads',
      () => pidsIn(trace),
      (found) => found.length === 2,
    );
    const ended = once(command, 'exit');
    command.kill(signal);
    await ended;
    await untilGone(...pids);
    expect(await hasState(Number(port))).toBe(false);
    const next = await startWord(Number(port));
    await stop(next.port);
  });

  it.runIf(process.platform === 'linux')('because it is refused leaves neither a process nor a file', async () => {
    const server = await startWord();
    const before = await processesOf(home);
    expect(before).toContain(server.pid);
    expect(before).toHaveLength(2);
    const { code } = await ocrhub(home, ['serving', 'start', '-m', 'nobody', '-p', String(await freePort())]);
    expect(code).toBe(3);
    await until(
      'what was started ahead ends',
      () => processesOf(home),
      (now) => now.join() === before.join(),
    );
    expect((await namesIn(path.join(home, 'logs'))).filter((name) => name.startsWith('starting'))).toEqual([]);
    await stop(server.port);
  });

  /** The processes that run with this home folder, as their environment says. */
  async function processesOf(folder: string): Promise<number[]> {
    const pids = (await readdir('/proc')).map(Number).filter((pid) => isRunning(pid));
    const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
    return pids.filter((_, i) => environments[i]?.split('\0').includes(`OCRHUB_HOME=${folder}`));
  }

  function beginStart(module: string, port: string): ChildProcess {
    const command = [path.join(root, 'bin', 'run.js'), 'serving', 'start', '-m', module, '-p', port];
    return spawn(process.execPath, command, { env: { ...process.env, OCRHUB_HOME: home }, stdio: 'ignore' });
  }
});
