import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root } from '../helpers/cli.js';
import { writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';

interface Listed {
  readonly name: string;
  readonly where: string;
}

describe('models', () => {
  it('prints what each set holds, where it is, and how to get it', async () => {
    const { code, stdout, stderr } = await ocrhub(await temporaryFolder(), ['models']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^SET +HOLDS +SIZE +LICENSE +WHERE +WHAT\n/);
    expect(stdout).toMatch(/^ppocrv6-small +det rec cls dict +31\.8 MB +Apache-2\.0 +embedded /m);
    expect(stdout).toMatch(
      /^ppocrv6-tiny +det rec dict +6\.2 MB +Apache-2\.0 +not here: ocrhub download ppocrv6-tiny /m,
    );
    expect(stdout).toMatch(/^ppocrv5-mobile-en +rec dict +\? /m);
  });

  it("prints a list with --json that has downloaded sets, incomplete sets and the user's own sets", async () => {
    const home = await temporaryFolder();
    await writeFiles(path.join(home, 'models', 'ppocrv5-mobile-en'), { 'rec.onnx': 'net', 'dict.txt': 'a\n' });
    await writeFiles(path.join(home, 'models', 'ppocrv5-mobile-el'), { 'rec.onnx': 'net' });
    await writeFiles(path.join(home, 'models', 'mine'), { 'det.onnx': 'net' });
    await mkdir(path.join(home, 'models', '.staging'));
    const sets = await ocrhubJson<Listed[]>(home, ['models']);
    const named = (name: string): Listed | undefined => sets.find((set) => set.name === name);
    expect(named('ppocrv6-small')).toMatchObject({ where: 'embedded', path: path.join(root, 'models'), get: '' });
    expect(named('ppocrv5-mobile-en')).toMatchObject({ where: 'downloaded', bytes: 5, get: '' });
    expect(named('ppocrv5-mobile-el')).toMatchObject({ where: 'partly', get: 'ocrhub download ppocrv5-mobile-el' });
    expect(named('ppocrv6-medium')).toMatchObject({ where: 'absent', holds: ['det', 'rec', 'dict'] });
    expect(named('mine')).toMatchObject({ where: 'own', holds: ['det'], bytes: 3, license: '', licence: '' });
    expect(named('.staging')).toBeUndefined();
  });

  it('exits with 2 for an unknown flag', async () => {
    expect(await ocrhub(await temporaryFolder(), ['models', '--all'])).toMatchObject({ code: 2, stdout: '' });
  });
});
