import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openControl } from '../../../src/runtime/serving/control.js';
import { temporaryFolder } from '../../helpers/home.js';

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
