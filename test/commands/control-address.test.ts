import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';

/** A home folder with so long a name that the socket cannot lie in it, but lies in the folder of temporary files. */
async function longHome(): Promise<{ folder: string; home: string; word: string; port: string }> {
  const folder = await temporaryFolder();
  const home = path.join(folder, 'home'.repeat(30));
  await mkdir(home);
  onTestFinished(async () => {
    await ocrhub(home, ['serving', 'stop', '--all']);
  });
  const word = await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
  return { folder, home, word, port: String(await freePort()) };
}

describe.skipIf(process.platform === 'win32')(
  'a server of a home folder with a long name (Windows has named pipes)',
  () => {
    it('is found with another TMPDIR and through a link to its home folder', async () => {
      const { folder, home, word, port } = await longHome();
      const tmp = path.join(folder, 'tmp');
      await mkdir(tmp);
      const start = ['serving', 'start', '-m', word, '-p', port];
      expect(await ocrhub(home, start, { env: { TMPDIR: tmp } })).toMatchObject({ code: 0 });

      const restarted = await ocrhub(home, ['serving', 'restart', '-p', port]);
      expect([restarted.code, restarted.stderr]).toEqual([0, '']);
      const link = path.join(folder, 'link');
      await symlink(home, link);
      const again = await ocrhub(link, ['serving', 'restart', '-p', port]);
      expect([again.code, again.stderr]).toEqual([0, '']);
      expect(await ocrhub(link, ['serving', 'stop', '-p', port])).toMatchObject({ code: 0 });
      expect(existsSync(path.join(home, 'serving', `${port}.json`))).toBe(false);
    });

    it('is found without its state file', async () => {
      const { home, word, port } = await longHome();
      await ocrhubJson(home, ['install', word]);
      await ocrhubJson(home, ['serving', 'start', '-m', 'word', '-p', port]);
      await rm(path.join(home, 'serving', `${port}.json`));
      const found = [{ port: Number(port) }];
      expect(await ocrhubJson(home, ['serving', 'status'])).toMatchObject({ servers: found });
      // A clean-up keeps the copies of servers that are found.
      expect(await ocrhubJson(home, ['list'])).toMatchObject([{ name: 'word', servedOn: found }]);
      expect(await ocrhubJson(home, ['serving', 'stop', '--all'])).toMatchObject(found);
    });
  },
);
