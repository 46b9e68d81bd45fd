import { chown, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askServer } from '../../../src/runtime/servers/control/ask.js';
import { controlAddress } from '../../../src/runtime/servers/control/address.js';
import { openControl } from '../../../src/runtime/servers/control/listen.js';
import type { ControlRequest } from '../../../src/runtime/servers/control/messages.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';

import { namesIn } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

it.skipIf(process.platform === 'win32')(
  'only the owner may open a control socket, even with a umask of 0 (skipped on Windows: it has named pipes)',
  async () => {
    const file = path.join(await temporaryFolder(), 'a.sock');
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const server = await openControl(file, () => Promise.reject(new Error('not called')));
    onTestFinished(() => void server.close());
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    expect(process.umask(0)).toBe(0);
  },
);

it.skipIf(process.platform === 'win32')(
  'closing a control socket removes its file, but not that of another server (skipped on Windows: it has named pipes)',
  async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.sock');
    const refuse = (): Promise<never> => Promise.reject(new Error('not called'));
    const old = await openControl(file, refuse);
    const next = await openControl(file, refuse);
    await old.close();
    expect(await namesIn(folder)).toEqual(['a.sock']);
    await next.close();
    expect(await namesIn(folder)).toEqual([]);
  },
);

it.runIf(process.platform === 'linux')(
  'a control socket lies in the home folder, however long its path is (Linux: others have no /proc/self/fd)',
  async () => {
    const root = path.join(await temporaryFolder(), 'a folder'.repeat(12), '家'.repeat(60));
    const temporary = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    vi.stubEnv('XDG_RUNTIME_DIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const home = homeAt(root, path.join(root, 'config.json'));
    await mkdir(home.serving, { recursive: true, mode: 0o700 });
    const before = await descriptors();
    const control = await openControl(controlAddress(home, 9400), () => Promise.resolve(state));
    expect(await namesIn(home.serving)).toEqual(['9400.sock']);
    expect(await namesIn(temporary)).toEqual([]);
    expect(await describeServer(home)).toEqual(state);
    await control.close();
    expect(await namesIn(home.serving)).toEqual([]);
    await vi.waitFor(async () => expect(await descriptors()).toBe(before));
  },
);

async function descriptors(): Promise<number> {
  return (await namesIn('/proc/self/fd')).filter((name) => name !== '').length;
}

const state = serverState();

/** A home folder whose socket for port 9400 answers every request with the same text. */
async function socketThatSays(text: string): Promise<{ home: Home; address: string }> {
  const root = await temporaryFolder();
  const home = homeAt(root, path.join(root, 'config.json'));
  await mkdir(home.serving);
  const address = controlAddress(home, 9400);
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => void socket.write(text));
  });
  await new Promise<void>((resolve) => server.listen(address, resolve));
  onTestFinished(() => void server.close());
  return { home, address };
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const describeServer = (home: Home): Promise<ServerState> => askServer(home, { port: 9400 }, { action: 'describe' });

describe('askServer', () => {
  it('returns the state that the server replies with', async () => {
    const { home } = await socketThatSays(line({ state }));
    expect(await describeServer(home)).toEqual(state);
  });

  it.each([
    ['lacks required fields', line({ state: { pid: 4711, port: 9400 } }), /not a server state/],
    ['has another port', line({ state: { ...state, port: 9401 } }), /not a server state/],
    ['is not JSON', 'hello\n', /JSON/],
    ['is longer than 4 Mi characters', 'x'.repeat(5 * 1024 ** 2), /more than 4194304 characters/],
  ])('refuses a reply that %s', async (_, text, message) => {
    const { home } = await socketThatSays(text);
    await expect(describeServer(home)).rejects.toMatchObject({
      code: 'control_unreachable',
      message: expect.stringMatching(message) as string,
    });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'refuses a socket of another user (skipped without root: only root can change its owner)',
    async () => {
      const { home, address } = await socketThatSays(line({ state }));
      await chown(address, 65_534, 65_534);
      await expect(describeServer(home)).rejects.toMatchObject({
        code: 'control_unreachable',
        message: expect.stringContaining('belongs to another user') as string,
      });
      // Root may ask the server of the owner of the home folder.
      await chown(home.serving, 65_534, 65_534);
      expect(await describeServer(home)).toEqual(state);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'refuses a link or a file in the place of the socket (skipped on Windows: it has named pipes)',
    async () => {
      const { home, address } = await socketThatSays(line({ state }));
      await rename(address, `${address}.moved`);
      await symlink(`${address}.moved`, address);
      await expect(describeServer(home)).rejects.toThrow('is not a socket');
      await rm(address);
      await writeFile(address, '');
      await expect(describeServer(home)).rejects.toThrow('is not a socket');
    },
  );
});

describe('a control socket', () => {
  /** Sends a line to a socket whose server replies with the state, and returns the requests and the reply. */
  async function send(text: string): Promise<{ requests: ControlRequest[]; reply: unknown }> {
    const root = await temporaryFolder();
    const home = homeAt(root, path.join(root, 'config.json'));
    await mkdir(home.serving);
    const address = controlAddress(home, 9400);
    const requests: ControlRequest[] = [];
    const control = await openControl(address, (request) => {
      requests.push(request);
      return Promise.resolve(state);
    });
    onTestFinished(() => control.close());
    const socket = connect(address, () => socket.write(`${text}\n`));
    const [reply] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    socket.destroy();
    return { requests, reply: JSON.parse(reply) };
  }

  it.each(['describe', 'tell'])(
    'replies with the state of the server to the request %s (ocrhub 0.1 sends tell)',
    async (action) => {
      expect(await send(JSON.stringify({ action }))).toEqual({ requests: [{ action: 'describe' }], reply: { state } });
    },
  );

  it.each([
    ['an unknown action', '{"action":"explode"}', 'value_invalid'],
    ['a reload without modules', '{"action":"reload"}', 'value_invalid'],
    ['no JSON', 'hello', 'internal'],
  ])('refuses %s', async (_, text, code) => {
    expect(await send(text)).toMatchObject({ requests: [], reply: { error: { code } } });
  });
});
