import { chown, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askServer, controlAddress, openControl } from '../../../src/runtime/servers/control/control.js';
import type { ServerState } from '../../../src/runtime/servers/state/server-state.js';
import { homeAt, type Home } from '../../../src/runtime/config/home.js';

import { namesIn } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';
import { serverState } from '../../helpers/state.js';

it.skipIf(process.platform === 'win32')(
  'only its owner may open the socket, whatever new files may otherwise (Windows has named pipes)',
  async () => {
    const file = path.join(await temporaryFolder(), 'a.sock');
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const server = await openControl(file, () => Promise.reject(new Error('nobody asks')));
    onTestFinished(() => void server.close());
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    expect(process.umask(0)).toBe(0);
  },
);

it.skipIf(process.platform === 'win32')(
  'that is closed is gone, and leaves the one that another server has opened since (Windows has named pipes)',
  async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.sock');
    const nobody = (): Promise<never> => Promise.reject(new Error('nobody asks'));
    const old = await openControl(file, nobody);
    const next = await openControl(file, nobody);
    await old.close();
    expect(await namesIn(folder)).toEqual(['a.sock']);
    await next.close();
    expect(await namesIn(folder)).toEqual([]);
  },
);

const state = serverState();

/** A home folder, and something on the socket of port 9400 that answers whatever it is asked with the same text. */
async function answering(text: string): Promise<{ home: Home; address: string }> {
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

const told = (value: unknown): string => `${JSON.stringify(value)}\n`;
const tell = (home: Home): Promise<ServerState> => askServer(home, { port: 9400 }, { action: 'tell' });

describe('what listens on the socket', () => {
  it('tells its state', async () => {
    const { home } = await answering(told({ state }));
    expect(await tell(home)).toEqual(state);
  });

  it.each([
    ['lacks what commands rely on', told({ state: { pid: 4711, port: 9400 } }), /not a server state/],
    ['is of another port', told({ state: { ...state, port: 9401 } }), /not a server state/],
    ['is no JSON', 'hello\n', /JSON/],
    ['never ends', 'x'.repeat(5 * 1024 ** 2), /more than 4194304 characters/],
  ])('is not believed where its answer %s', async (_, text, message) => {
    const { home } = await answering(text);
    await expect(tell(home)).rejects.toMatchObject({
      code: 'control_unreachable',
      message: expect.stringMatching(message) as string,
    });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is not asked where it belongs to another user (only root can give it to one)',
    async () => {
      const { home, address } = await answering(told({ state }));
      await chown(address, 65_534, 65_534);
      await expect(tell(home)).rejects.toMatchObject({
        code: 'control_unreachable',
        message: expect.stringContaining('belongs to another user') as string,
      });
      // Root asks the server of whoever owns the home folder.
      await chown(home.serving, 65_534, 65_534);
      expect(await tell(home)).toEqual(state);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'is not asked through a link, nor where it is a file (Windows has named pipes)',
    async () => {
      const { home, address } = await answering(told({ state }));
      await rename(address, `${address}.moved`);
      await symlink(`${address}.moved`, address);
      await expect(tell(home)).rejects.toThrow('is not a socket');
      await rm(address);
      await writeFile(address, '');
      await expect(tell(home)).rejects.toThrow('is not a socket');
    },
  );
});
