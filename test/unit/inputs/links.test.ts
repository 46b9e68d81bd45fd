import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { listInputs } from '../../../src/runtime/inputs/list.js';
import { temporaryFolder } from '../../helpers/home.js';

it.skipIf(process.platform === 'win32')(
  'folders and patterns give each file once, with links to files, and without pipes, devices and folders behind links',
  async () => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'a'));
    await writeFile(path.join(folder, 'a', 'page.png'), '');
    await symlink('..', path.join(folder, 'a', 'up'));
    await symlink('page.png', path.join(folder, 'a', 'link.png'));
    await symlink('/dev/zero', path.join(folder, 'a', 'zero.png'));
    execFileSync('mkfifo', [path.join(folder, 'a', 'pipe.png')]);
    for (const word of [folder, `${folder}/**/*.png`]) {
      const inputs = await listInputs([word]);
      expect(inputs.map(({ file }) => path.relative(folder, file))).toEqual(['a/link.png', 'a/page.png']);
    }
  },
);
