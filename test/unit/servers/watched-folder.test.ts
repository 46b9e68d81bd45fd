import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WatchedFolder } from '../../../src/runtime/servers/watched-folder.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';
import { until } from '../../helpers/server.js';

/** A watched folder with a file, a file in a subfolder, and packages. `untilChanged` waits for the next event. */
async function watched(): Promise<{ folder: string; watching: WatchedFolder; untilChanged: () => Promise<unknown> }> {
  const packages = Array.from({ length: 50 }, (_, i) => [`node_modules/some/${i}/index.js`, ''] as const);
  const files = { 'module.ts': '', 'below/params.ts': '', ...Object.fromEntries(packages) };
  const folder = await writeFiles(await temporaryFolder(), files);
  let changes = 0;
  const watching = new WatchedFolder(folder, {
    changed: () => changes++,
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(() => {
    watching.close();
  });
  const untilChanged = async (): Promise<void> => {
    await until(
      'a change is reported',
      () => Promise.resolve(changes),
      (times) => times > 0,
    );
    changes = 0;
    watching.renew();
  };
  return { folder, watching, untilChanged };
}

it.each(['module.ts', 'below/params.ts'])(
  'a watched folder reports each replacement of %s by another file',
  async (file) => {
    const { folder, untilChanged } = await watched();
    for (const text of ['one', 'two', 'three']) {
      await writeFile(`${folder}.new`, text);
      await rename(`${folder}.new`, path.join(folder, file));
      await untilChanged();
    }
  },
);

it('a watched folder reports a new subfolder and changes in it', async () => {
  const { folder, untilChanged } = await watched();
  await mkdir(path.join(folder, 'new'));
  await untilChanged();
  await writeFile(path.join(folder, 'new', 'file.ts'), '');
  await untilChanged();
});

it.runIf(process.platform === 'linux')(
  'a watched folder uses one inotify watch per subfolder and none in node_modules',
  async () => {
    const before = await watches();
    await watched();
    expect((await watches()) - before).toBe(2);
  },
);

/** The number of inotify watches of this process. */
async function watches(): Promise<number> {
  const files = await readdir('/proc/self/fdinfo');
  const infos = await Promise.all(files.map((file) => readFile(`/proc/self/fdinfo/${file}`, 'utf8').catch(() => '')));
  return infos.join('').match(/^inotify /gm)?.length ?? 0;
}
