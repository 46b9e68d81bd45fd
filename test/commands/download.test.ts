import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, root, withoutVitest, type CliResult } from '../helpers/cli.js';
import { namesIn, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';
import { etag, modelServer } from '../helpers/model-server.js';
import { noisyModel } from '../helpers/toy-network.js';
import { faultEnv } from '../steps/fault-env.js';

const set = 'ppocrv5-mobile-en';
const rec = noisyModel(randomBytes(300_000));
const yml = Buffer.from('PostProcess:\n  character_dict:\n  - a\n');
const files = { 'inference.onnx': rec, 'inference.yml': yml };
/** The machine's own proxies are none of these tests' business. */
const direct = { HTTP_PROXY: undefined, http_proxy: undefined };

function download(home: string, args: readonly string[]): Promise<CliResult> {
  return ocrhub(home, ['download', ...args], { env: direct });
}

describe('download', () => {
  it('prints where the files are and that their hashes were noted', async () => {
    const home = await temporaryFolder();
    const { url } = await modelServer(files);
    const { code, stdout, stderr } = await download(home, [set, '--mirror', url]);
    expect([code, stderr]).toEqual([0, '']);
    const folder = path.join(home, 'models', set);
    expect(stdout.split('\n')[0]).toBe(`${set} is in ${folder}`);
    expect(stdout).toMatch(/rec\.onnx {2}300\.0 kB {2}SHA-256 not known beforehand, noted: [0-9a-f]{64}\n/);
    expect((await download(home, [set])).stdout).toContain(`${set} is here already: ${folder}`);
  });

  it('prints an object with --json, and takes files from a folder', async () => {
    const home = await temporaryFolder();
    const given = await writeFiles(await temporaryFolder(), { 'dict.txt': 'a\nb\n' });
    await writeFile(path.join(given, 'rec.onnx'), rec);
    const result = await ocrhubJson(home, ['download', set, '--from', given]);
    const folder = path.join(home, 'models', set);
    expect(result).toMatchObject({
      name: set,
      path: folder,
      files: [
        { file: path.join(folder, 'rec.onnx'), bytes: rec.length, pinned: true, fetched: true },
        { file: path.join(folder, 'dict.txt'), bytes: 4, pinned: true, fetched: true },
      ],
    });
  });

  it('exits with 3 for an unknown set or a missing file, with 5 for a failed download, with 2 for two sources', async () => {
    const home = await temporaryFolder();
    const { url } = await modelServer({});
    expect(await download(home, ['ppocrv9'])).toMatchObject({ code: 3 });
    expect(await download(home, [set, '--from', await temporaryFolder()])).toMatchObject({ code: 3 });
    const failed = await download(home, [set, '--mirror', url]);
    expect(failed).toMatchObject({ code: 5, stdout: '' });
    expect(failed.stderr).toMatch(/^Error: http:.*\/inference\.onnx could not be downloaded: HTTP 404\n/);
    expect(await download(home, [set, '--mirror', url, '--from', '.'])).toMatchObject({ code: 2 });
    expect((await download(home, [set, '--mirror', 'nowhere'])).stderr).toMatch(/^Error: --mirror is "nowhere": /);
  });

  it('resumes the partial file of a killed download', async () => {
    const home = await temporaryFolder();
    const server = await modelServer(files);
    server.misbehave = (_, response, body) => {
      response.writeHead(200, { 'Content-Length': body.length, ETag: etag(body) });
      response.write(body.subarray(0, 100_000));
      return true;
    };
    const folder = path.join(home, 'models', set);
    const child = spawn(process.execPath, ['bin/run.js', 'download', set, '--mirror', server.url], {
      cwd: root,
      env: { ...withoutVitest(process.env), ...direct, OCRHUB_HOME: home },
      stdio: 'ignore',
    });
    const part = async (): Promise<Buffer | undefined> => {
      const name = (await namesIn(folder)).find((each) => each.endsWith('.part'));
      return name === undefined ? undefined : readFile(path.join(folder, name));
    };
    while ((await part())?.length !== 100_000) await sleep(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await namesIn(folder)).toHaveLength(1);

    server.misbehave = () => false;
    expect(await download(home, [set, '--mirror', server.url])).toMatchObject({ code: 0 });
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', undefined]);
    expect(await readFile(path.join(folder, 'rec.onnx'))).toEqual(rec);
    expect((await namesIn(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'])(
    'names the folder when a write fails with %s, and goes on afterwards',
    async (kind) => {
      const home = await temporaryFolder();
      const { url, requests } = await modelServer(files);
      const folder = path.join(home, 'models', set);
      const log = path.join(await temporaryFolder(), 'calls');
      const counted = await temporaryFolder();
      const counting = { ...direct, ...faultEnv({ below: [counted], log }) };
      await ocrhub(counted, ['download', set, '--mirror', url], { env: counting });
      const calls = (await readFile(log, 'utf8')).split('\n');
      const at = calls.findIndex((call) => call.includes(' appendFile ')) + 1;
      requests.length = 0;
      const failed = await ocrhub(home, ['download', set, '--mirror', url, '--json'], {
        env: { ...direct, ...faultEnv({ below: [home] }, { at, kind }) },
      });
      expect([failed.code, JSON.parse(failed.stdout)]).toMatchObject([
        5,
        { error: { code: 'folder_unwritable', message: expect.stringContaining(folder) as string } },
      ]);
      // The source is not asked again for what the disk refuses.
      expect(requests).toHaveLength(1);
      expect(await download(home, [set, '--mirror', url])).toMatchObject({ code: 0 });
      expect(await readFile(path.join(folder, 'rec.onnx'))).toEqual(rec);
    },
  );

  it('succeeds twice at the same time', async () => {
    const home = await temporaryFolder();
    const server = await modelServer(files);
    const both = await Promise.all([1, 2].map(() => download(home, [set, '--mirror', server.url])));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await readFile(path.join(home, 'models', set, 'rec.onnx'))).toEqual(rec);
  });

  it('fetches the models of a module; before, the module names the command to run', async () => {
    const home = await temporaryFolder();
    await ocrhub(home, ['install', 'ocr_rec']);
    const run = ['run', 'ocr_rec', path.join('models', 'warmup.png'), '--set', `rec_model_dir=${set}`];
    const without = await ocrhub(home, run);
    expect(without.code).not.toBe(0);
    expect(without.stderr).toContain(`ocrhub download ${set}`);
    const given = await temporaryFolder();
    await linkEmbedded(given);
    await ocrhubJson(home, ['download', set, '--from', given]);
    expect((await ocrhub(home, run)).stdout).toContain('ocrhub 123');
  });
});

/** The embedded recogniser under the names that a folder of models has. */
async function linkEmbedded(folder: string): Promise<void> {
  await copyFile(path.join(root, 'models', 'PP-OCRv6_rec_small.onnx'), path.join(folder, 'rec.onnx'));
  await copyFile(path.join(root, 'models', 'ppocrv6_dict.txt'), path.join(folder, 'dict.txt'));
}
