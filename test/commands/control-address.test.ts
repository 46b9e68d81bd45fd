import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';

// In a folder with so long a name the socket cannot lie, and it lies in that of temporary files.
it.skipIf(process.platform === 'win32')(
  'a server is reached from another TMPDIR, and by another name of its home folder (Windows has named pipes)',
  async () => {
    const folder = await temporaryFolder();
    const home = path.join(folder, 'home'.repeat(30));
    await mkdir(home);
    const port = String(await freePort());
    onTestFinished(async () => {
      await ocrhub(home, ['serving', 'stop', '--all']);
    });
    const tmp = path.join(folder, 'tmp');
    await mkdir(tmp);
    const word = await writeFiles(path.join(folder, 'word'), packageFiles(wordModule('word')));
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
  },
);
