import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { namesIn, packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { opened } from '../helpers/http.js';
import { fixture } from '../helpers/pictures.js';
import { health, predict, until } from '../helpers/server.js';

/** `serving start --watch` of a word, ready and watching. */
async function startWatching() {
  const home = await temporaryHome();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word')));
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
  await says('Watching for changes');
  const url = `http://127.0.0.1:${port}`;
  const word = async (): Promise<unknown> =>
    opened(await predict({ url }, 'word', { images: [fixture('pixel.png')] })).results;
  const save = (text: string): Promise<void> => writeFile(path.join(folder, 'module.ts'), text);
  return { home, port, url, child, ended: once(child, 'exit'), says, word, save };
}

it('serves what is saved, and goes on with the old code when the new cannot be compiled or loaded', async () => {
  const { home, child, url, ended, says, word, save } = await startWatching();
  expect(await word()).toEqual(['one']);
  await save(wordModule('word', { word: 'two' }));
  await says('Reloaded in ');
  expect(await word()).toEqual(['two']);

  await save('export default {');
  await says('Error: module.ts:1:17: ');
  await says('The code from before serves on.');
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

it('ends when its server was stopped from elsewhere', async () => {
  const { home, port, ended, says } = await startWatching();
  await ocrhub(home, ['serving', 'stop', '-p', String(port)]);
  expect(await ended).toEqual([0, null]);
  await says(`There is no server on port ${port} any more`);
});

it('is refused where there is no folder to watch', async () => {
  const home = await temporaryHome();
  await ocrhub(home, ['install', 'ocr_det']);
  const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'ocr_det', '--watch']);
  expect(code).toBe(2);
  expect(stderr).toContain('no module is served from a folder; name one, for example -m ./my_ocr');
});
