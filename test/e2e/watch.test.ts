import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { health, predict, readLog, until } from '../helpers/server.js';

/** `serving start --watch` of a word, ready and watching; `during` happens when the modules are built and not yet loaded. */
async function startWatching(module = wordModule('word'), during?: (folder: string) => Promise<void>) {
  const home = await temporaryHome();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(module));
  const port = await freePort();
  const args = ['bin/run.js', 'serving', 'start', '-m', folder, '-p', String(port), '--watch'];
  const env = { ...withoutVitest(process.env), OCRHUB_HOME: home };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  const says = (words: string): Promise<string> =>
    until(
      `it says "${words}"`,
      () => Promise.resolve(output.text),
      (text) => text.includes(words),
    );
  if (during !== undefined) {
    const logs = (): Promise<string[]> => namesIn(path.join(home, 'logs'));
    await until('the server has begun its log', logs, (names) => names.includes(`${port}.log`));
    await during(folder);
  }
  await says('Watching for changes');
  const url = `http://127.0.0.1:${port}`;
  const word = async (): Promise<unknown> =>
    opened(await predict({ url }, 'word', { images: [fixture('pixel.png')] })).results;
  const save = (text: string): Promise<void> => writeFile(path.join(folder, 'module.ts'), text);
  return { home, folder, port, url, child, ended: once(child, 'exit'), says, word, save };
}

it('--watch serves saved code and keeps the old code if the new cannot be compiled or loaded', async () => {
  const { home, child, url, ended, says, word, save } = await startWatching();
  expect(await word()).toEqual(['one']);
  await save(wordModule('word', { word: 'two' }));
  await says('Reloaded in ');
  expect(await word()).toEqual(['two']);

  await save('export default {');
  await says('Error: module.ts:1:17: ');
  await says('The previous code keeps serving.');
  expect(await word()).toEqual(['two']);
  await save(wordModule('word').replace('entries:', "initialize() { throw new Error('no licence'); },\n  entries:"));
  await says('Module word cannot be started: no licence');
  expect(await word()).toEqual(['two']);

  await save(wordModule('word', { word: 'three' }));
  await until('the new word is served', word, (answer) => JSON.stringify(answer) === '["three"]');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(health({ url })).rejects.toThrow();
  expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
});

/** A word that takes two seconds to start. */
const slow = (word: string): string =>
  "import { setTimeout as sleep } from 'node:timers/promises';\n" +
  wordModule('word', { word }).replace('predict:', 'initialize: () => sleep(2000),\n  predict:');

const isWord = (word: string) => (answer: unknown) => JSON.stringify(answer) === `["${word}"]`;

it('--watch serves code that was saved while the server started', async () => {
  const edit = (folder: string): Promise<void> => writeFile(path.join(folder, 'module.ts'), slow('two'));
  const { word } = await startWatching(slow('one'), edit);
  await until('the new word is served', word, isWord('two'));
});

it('--watch serves code that was saved during the reload of another command', async () => {
  const { home, port, url, word, save } = await startWatching(slow('one'));
  const before = (await health({ url })).processes.length;
  const restarted = ocrhub(home, ['serving', 'restart', '-p', String(port)]);
  const log = path.join(home, 'logs', `${port}.log`);
  const started = async (): Promise<number> =>
    (await readLog(log)).filter(({ msg }) => msg === 'inference process started').length;
  await until('the restart loads', started, (count) => count > before);
  await save(slow('two'));
  expect((await restarted).code).toBe(0);
  await until('the new word is served', word, isWord('two'));
});

it('--watch continues with a folder that was replaced or missing for a moment', async () => {
  const { folder, word, save } = await startWatching();
  const other = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word', { word: 'other' })));
  await rm(folder, { recursive: true });
  await cp(other, folder, { recursive: true });
  await until('the other folder is served', word, isWord('other'));
  await save(wordModule('word', { word: 'saved' }));
  await until('what is saved in it is served', word, isWord('saved'));

  await rename(folder, `${folder}-away`);
  await sleep(1500);
  await rename(`${folder}-away`, folder);
  // Its inode is the same: only the time tells that it is watched again.
  await sleep(1500);
  await save(wordModule('word', { word: 'back' }));
  await until('what is saved after its return is served', word, isWord('back'));
});

it('--watch ends when its server is stopped by another command', async () => {
  const { home, port, ended, says } = await startWatching();
  await ocrhub(home, ['serving', 'stop', '-p', String(port)]);
  expect(await ended).toEqual([0, null]);
  await says(`There is no server on port ${port} any more`);
});

it('--watch fails when its server dies, and leaves no files of it', async () => {
  const { home, port, url, ended, says } = await startWatching();
  const { pid } = await health({ url });
  process.kill(pid, 'SIGKILL');
  expect(await ended).toEqual([5, null]);
  await says(`Error: The server on port ${port} (pid ${pid}) exited unexpectedly`);
  await says(`ocrhub serving logs -p ${port}`);
  expect(await namesIn(path.join(home, 'serving'))).toEqual([]);
});

it('--watch is refused without a module that is served from a folder', async () => {
  const home = await temporaryHome();
  await ocrhub(home, ['install', 'ocr_det']);
  const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'ocr_det', '--watch']);
  expect(code).toBe(2);
  expect(stderr).toContain('Error: --watch needs a module served from a folder, for example -m ./my_ocr\n');
});

it('--watch follows a file outside the folder that the module imports, also one that it imports later', async () => {
  const importing = (place: string): string =>
    `import { word } from '${place}';\n${wordModule('word').replace("'one'", 'word')}`;
  const shared = await writeFiles(await temporaryFolder(), { 'a/word.ts': "export const word = 'one';" });
  const { word, says, save, child, ended } = await startWatching(importing(path.join(shared, 'a/word.ts')));
  expect(await word()).toEqual(['one']);
  const becomes = (expected: string): Promise<unknown> =>
    until(`it answers ${expected}`, word, (words) => (words as string[])[0] === expected);
  await writeFile(path.join(shared, 'a/word.ts'), "export const word = 'two';");
  await becomes('two');

  await writeFiles(shared, { 'b/word.ts': "export const word = 'three';" });
  await save(importing(path.join(shared, 'b/word.ts')));
  await becomes('three');
  await sleep(500);
  await writeFile(path.join(shared, 'b/word.ts'), "export const word = 'four';");
  await becomes('four');
  await says('Reloaded in ');
  child.kill('SIGINT');
  await ended;
});
