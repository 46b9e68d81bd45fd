import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WatchedFolder } from '../../../src/runtime/servers/watched-folder.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';
import { until } from '../../helpers/server.js';

/** A folder with a file, one below it, and packages; `told` counts what was told of it. */
async function watched(): Promise<{ folder: string; watching: WatchedFolder; untilTold: () => Promise<unknown> }> {
  const packages = Array.from({ length: 50 }, (_, i) => [`node_modules/some/${i}/index.js`, ''] as const);
  const files = { 'module.ts': '', 'below/params.ts': '', ...Object.fromEntries(packages) };
  const folder = await writeFiles(await temporaryFolder(), files);
  let told = 0;
  const watching = new WatchedFolder(folder, {
    changed: () => told++,
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => {
    watching.close();
  });
  const untilTold = async (): Promise<void> => {
    await until(
      'it is told',
      () => Promise.resolve(told),
      (times) => times > 0,
    );
    told = 0;
    watching.renew();
  };
  return { folder, watching, untilTold };
}

it.each(['module.ts', 'below/params.ts'])('tells of %s, however often another file takes its place', async (file) => {
  const { folder, untilTold } = await watched();
  for (const text of ['one', 'two', 'three']) {
    await writeFile(`${folder}.new`, text);
    await rename(`${folder}.new`, path.join(folder, file));
    await untilTold();
  }
});

it('tells of a folder that is new, and of what is in it', async () => {
  const { folder, untilTold } = await watched();
  await mkdir(path.join(folder, 'new'));
  await untilTold();
  await writeFile(path.join(folder, 'new', 'file.ts'), '');
  await untilTold();
});

it.runIf(process.platform === 'linux')('watches no packages, and as few files', async () => {
  const before = await watches();
  await watched();
  expect((await watches()) - before).toBe(2);
});

/** How much this process has the system watch. */
async function watches(): Promise<number> {
  const files = await readdir('/proc/self/fdinfo');
  const infos = await Promise.all(files.map((file) => readFile(`/proc/self/fdinfo/${file}`, 'utf8').catch(() => '')));
  return infos.join('').match(/^inotify /gm)?.length ?? 0;
}
