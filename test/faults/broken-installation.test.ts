import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder } from '../helpers/home.js';

/** Makes sharp fail to load in every process of a command, as one without the binary for this machine does. */
const breakSharp = `const { prototype } = require('node:module');
const load = prototype.require;
prototype.require = function (id) {
  if (id === 'sharp') throw new Error('Could not load the "sharp" module');
  return load.call(this, id);
};
`;

describe('a sharp that does not load', () => {
  it('is reported as a broken installation by run and serving start, and blames no module', async () => {
    const home = await temporaryFolder();
    const breaker = path.join(home, 'break.cjs');
    await writeFile(breaker, breakSharp);
    const env = { NODE_OPTIONS: `--require ${breaker}` };
    const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word')));
    const picture = path.join('test', 'fixtures', 'pixel.png');
    const commands = [
      ['run', folder, picture],
      ['serving', 'start', '-m', folder, '--allow_partial', '-p', String(await freePort())],
    ];
    for (const command of commands) {
      const { code, stdout } = await ocrhub(home, [...command, '--json'], { env });
      expect(code).toBe(5);
      expect(JSON.parse(stdout)).toMatchObject({
        error: {
          code: 'installation_broken',
          message:
            'The installation of ocrhub is broken: its package sharp cannot be loaded: Could not load the "sharp" module',
        },
      });
    }
  });
});
