import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInput } from '../../../src/runtime/inputs/input.js';
import { listInputs } from '../../../src/runtime/inputs/list.js';
import { temporaryFolder } from '../../helpers/home.js';

const gbk = Buffer.from([0xd6, 0xd0, 0xce, 0xc4]);
const shiftJis = Buffer.from([0x93, 0xfa, 0x96, 0x7b]);
const latin1 = Buffer.from('caf\xe9', 'latin1');

async function folderWith(name: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), name, Buffer.from('.png')]), 'x');
  return folder;
}

// macOS and Windows have no such names.
describe.skipIf(process.platform !== 'linux')(
  'a file whose name is not UTF-8 (skipped elsewhere than on Linux)',
  () => {
    it.each([
      ['GBK', gbk],
      ['Shift JIS', shiftJis],
      ['Latin-1', latin1],
    ])('in %s is refused by its name, in a folder and named', async (_, name) => {
      const folder = await folderWith(name);
      const file = path.join(folder, `${name.toString('utf8')}.png`);
      const refusal = {
        code: 'file_unreadable',
        message: expect.stringContaining(`${file} cannot be read: its name is not UTF-8`) as string,
      };
      const [input] = await listInputs([folder]);
      await expect(readInput(input ?? expect.fail('the file is not listed'))).rejects.toMatchObject(refusal);
      await expect(listInputs([file])).rejects.toMatchObject(refusal);
    });

    it('may be that of a folder above it', async () => {
      const folder = await temporaryFolder();
      await mkdir(Buffer.concat([Buffer.from(`${folder}/`), gbk]));
      await expect(listInputs([path.join(folder, gbk.toString('utf8'), 'a.png')])).rejects.toThrow(
        'its name is not UTF-8',
      );
    });

    it('is not supposed of a file that is missing', async () => {
      const folder = await folderWith(gbk);
      await expect(listInputs([path.join(folder, 'caf\uFFFD.png')])).rejects.toMatchObject({ code: 'file_not_found' });
    });
  },
);
