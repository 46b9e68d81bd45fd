import { createCipheriv, createHash } from 'node:crypto';
import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  downloadSet,
  type DownloadOptions,
  type DownloadResult,
} from '../../../../src/runtime/models/download/download.js';
import { resolveHome, type Home } from '../../../../src/runtime/config/home.js';
import { namesIn, writeFiles } from '../../../helpers/files.js';
import { temporaryFolder } from '../../../helpers/home.js';
import { noisyModel } from '../../../helpers/toy-network.js';
import { breakOff, etag, modelServer, type ModelServer } from '../../../helpers/model-server.js';

/** A set without known sizes and hashes. */
const set = 'ppocrv5-mobile-en';
/** A set with the known size and SHA-256 of its detector. */
const knownSet = { name: 'ppocrv6-tiny', bytes: 1_780_590 };

const rec = noisyModel(noise(300_000, 1));
const yml = Buffer.from('PostProcess:\n  character_dict:\n  - a\n');

let home: Home;
let folder: string;
let server: ModelServer;

beforeEach(async () => {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, undefined);
  const root = await temporaryFolder();
  vi.stubEnv('OCRHUB_HOME', root);
  home = resolveHome();
  folder = path.join(home.models, set);
  server = await modelServer({ 'inference.onnx': rec, 'inference.yml': yml });
  return () => vi.unstubAllEnvs();
});

function download(options: DownloadOptions = {}, name = set): Promise<DownloadResult> {
  const limits = { stallMs: 5000, attempts: 2, pauseMs: 1, ...options.limits };
  return downloadSet(home, name, { mirror: server.url, ...options, limits });
}

const content = (name: string): Promise<Buffer> => readFile(path.join(folder, name));
const ranges = (): (string | undefined)[] =>
  server.requests.filter(({ path: asked }) => asked.endsWith('.onnx')).map(({ range }) => range);
const failure = (problem: RegExp): unknown =>
  expect.objectContaining({ code: 'download_failed', message: expect.stringMatching(problem) as string });

describe('downloadSet', () => {
  it('fetches every file into the folder of the set and records unknown hashes', async () => {
    const result = await download();
    expect(result).toEqual({
      name: set,
      path: folder,
      files: [
        { file: path.join(folder, 'rec.onnx'), bytes: rec.length, sha256: sha256(rec), pinned: true, fetched: true },
        {
          file: path.join(folder, 'inference.yml'),
          bytes: yml.length,
          sha256: sha256(yml),
          pinned: true,
          fetched: true,
        },
      ],
    });
    expect(await content('rec.onnx')).toEqual(rec);
    expect((await content('rec.onnx.sha256')).toString()).toBe(`${sha256(rec)}  rec.onnx\n`);
    expect((await namesIn(folder)).sort()).toEqual([
      'inference.yml',
      'inference.yml.sha256',
      'rec.onnx',
      'rec.onnx.sha256',
    ]);
    expect(server.requests[0]?.path).toBe('/PaddlePaddle/en_PP-OCRv5_mobile_rec_onnx/resolve/main/inference.onnx');
  });

  it("appends the official path to the mirror's path", async () => {
    await download({ mirror: `${server.url}/hub/` });
    expect(server.requests[0]?.path).toMatch(/^\/hub\/PaddlePaddle\//);
  });

  it('refuses a mirror that is not a URL', async () => {
    await expect(download({ mirror: 'mirror' })).rejects.toMatchObject({ code: 'value_invalid' });
  });

  it('keeps intact files and fetches damaged files again', async () => {
    await download();
    server.requests.length = 0;
    expect((await download()).files.map(({ fetched }) => fetched)).toEqual([false, false]);
    expect(server.requests).toEqual([]);
    await writeFile(path.join(folder, 'rec.onnx'), 'damaged');
    expect((await download()).files.map(({ fetched }) => fetched)).toEqual([true, false]);
    expect(await content('rec.onnx')).toEqual(rec);
  });

  it('reports its progress', async () => {
    const seen: [number, number | undefined][] = [];
    await download({ onBytes: (file, received, total) => file.endsWith('.onnx') && seen.push([received, total]) });
    expect(seen[0]).toEqual([0, rec.length]);
    expect(seen.at(-1)).toEqual([rec.length, rec.length]);
  });

  it('refuses an unknown set, and fails without a retry on HTTP 404', async () => {
    await expect(download({}, 'ppocrv9')).rejects.toMatchObject({ code: 'model_set_unknown' });
    server.files.clear();
    await expect(download()).rejects.toEqual(failure(/HTTP 404$/));
    expect(ranges()).toHaveLength(1);
  });

  it('lists the files of the embedded set without a request', async () => {
    const { files } = await download({}, 'ppocrv6-small');
    expect(files.map(({ pinned, fetched }) => [pinned, fetched])).toEqual(Array(4).fill([false, false]));
    expect(server.requests).toEqual([]);
  });

  it('uses the proxy of HTTP_PROXY, except for hosts in NO_PROXY', async () => {
    vi.stubEnv('HTTP_PROXY', server.url);
    vi.stubEnv('NO_PROXY', '');
    await download({ mirror: 'http://models.invalid' });
    expect(server.requests[0]?.path).toMatch(/^http:\/\/models\.invalid\/PaddlePaddle\//);
    vi.stubEnv('NO_PROXY', 'models.invalid');
    await rm(folder, { recursive: true });
    await expect(download({ mirror: 'http://models.invalid' })).rejects.toMatchObject({ code: 'download_failed' });
  });
});

describe('downloadSet after a broken connection', () => {
  const breakFirst = (times: number): void => {
    let broken = 0;
    server.misbehave = (request, response, body) =>
      request.url?.endsWith('.onnx') === true && broken++ < times && breakOff(response, body, 100_000);
  };

  it('resumes at the byte where it broke', async () => {
    breakFirst(1);
    await download();
    expect(ranges()).toEqual([undefined, 'bytes=100000-']);
    expect(await content('rec.onnx')).toEqual(rec);
  });

  it('fails after too many breaks, and the next run resumes', async () => {
    server.misbehave = (request, response, body) =>
      request.headers.range === undefined ? breakOff(response, body, 100_000) : response.destroy() === response;
    await expect(download()).rejects.toEqual(failure(/./));
    expect(await namesIn(folder)).toEqual([expect.stringMatching(/^rec\.onnx\.[0-9a-f]{12}\.part$/)]);
    server.misbehave = () => false;
    server.requests.length = 0;
    await download();
    expect(ranges()).toEqual(['bytes=100000-']);
    expect(await content('rec.onnx')).toEqual(rec);
    expect((await namesIn(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('starts again if the file has changed', async () => {
    breakFirst(1);
    await expect(download({ limits: { attempts: 0 } })).rejects.toEqual(failure(/broke off|terminated|closed/));
    const newer = noisyModel(noise(rec.length, 2));
    server.files.set('inference.onnx', newer);
    await download();
    expect(ranges()).toEqual([undefined, 'bytes=100000-', undefined]);
    expect(await content('rec.onnx')).toEqual(newer);
  });

  it('starts again if the server supports no ranges', async () => {
    server.misbehave = (request, response, body) => {
      if (request.url?.endsWith('.onnx') !== true) return false;
      if (request.headers.range === undefined) return breakOff(response, body, 100_000);
      response.writeHead(200, { 'Content-Length': body.length }).end(body);
      return true;
    };
    await download();
    expect(await content('rec.onnx')).toEqual(rec);
  });

  it.each([
    [
      'another range than requested',
      (body: Buffer) => ({ 'Content-Range': `bytes 5-${body.length - 1}/${body.length}` }),
    ],
    ['no Content-Range', () => ({})],
  ])('starts again if the server sends %s', async (_, headers) => {
    let broken = false;
    server.misbehave = (request, response, body) => {
      if (request.url?.endsWith('.onnx') !== true) return false;
      if (request.headers.range !== undefined)
        response.writeHead(206, { ...headers(body), ETag: etag(body) }).end(body.subarray(5));
      else if (broken) return false;
      else broken = breakOff(response, body, 100_000);
      return true;
    };
    await download();
    expect(await content('rec.onnx')).toEqual(rec);
  });

  it('starts again if the partial file is longer than the file', async () => {
    breakFirst(1);
    await expect(download({ limits: { attempts: 0 } })).rejects.toEqual(failure(/./));
    const smaller = noisyModel(noise(50_000, 1));
    server.files.set('inference.onnx', smaller);
    await download();
    expect(await content('rec.onnx')).toEqual(smaller);
  });
});

describe('downloadSet from a faulty server', () => {
  it('refuses content with another hash and leaves no file', async () => {
    server.files.set('inference.onnx', noise(knownSet.bytes, 3));
    await expect(download({}, knownSet.name)).rejects.toEqual(
      failure(/its SHA-256 is [0-9a-f]{64}, expected 193bab7a04fc\.\.\.$/),
    );
    expect(await namesIn(path.join(home.models, knownSet.name))).toEqual([]);
  });

  it('refuses a wrong size without reading the body', async () => {
    await expect(download({}, knownSet.name)).rejects.toEqual(
      failure(/it has 300000 bytes there, expected are 1780590/),
    );
    expect(await namesIn(path.join(home.models, knownSet.name))).toEqual([]);
  });

  it('stops reading a body that is too long', async () => {
    let sent = 0;
    server.misbehave = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(noise(65_536, 4))) sent += 65_536;
      };
      response.on('drain', more);
      more();
      return true;
    };
    await expect(download({}, knownSet.name)).rejects.toEqual(failure(/more comes than 1780590 bytes/));
    await expect(download({ limits: { maxBytes: 100_000 } })).rejects.toEqual(failure(/more comes than 100000 bytes/));
    expect(sent).toBeLessThan(40 * knownSet.bytes);
    expect(await namesIn(folder)).toEqual([]);
  });

  it('refuses content that differs from the first download', async () => {
    await download();
    await rm(path.join(folder, 'rec.onnx'));
    server.files.set('inference.onnx', noisyModel(noise(1000, 5)));
    await expect(download()).rejects.toEqual(
      failure(new RegExp(`expected ${sha256(rec)} \\(noted in rec\\.onnx\\.sha256`)),
    );
    expect(await namesIn(folder)).not.toContain('rec.onnx');
  });

  it('gives up on a stalled body, and the next run resumes', async () => {
    server.misbehave = (_, response, body) => {
      response.writeHead(200, { 'Content-Length': body.length, ETag: etag(body) });
      response.write(body.subarray(0, 1000));
      return true;
    };
    await expect(download({ limits: { stallMs: 100, attempts: 1 } })).rejects.toEqual(
      failure(/nothing came for 0\.1 s/),
    );
    server.misbehave = () => false;
    await download();
    expect(ranges().at(-1)).toBe('bytes=1000-');
    expect(await content('rec.onnx')).toEqual(rec);
  });

  it.each([1024 ** 4, 512 * 1024 ** 2 + 1])(
    'refuses an announced size of %d bytes before it writes anything',
    async (size) => {
      server.misbehave = (_, response) => {
        response.writeHead(200, { 'Content-Length': size });
        response.write(noise(100_000, 6));
        return true;
      };
      await expect(download()).rejects.toEqual(
        failure(new RegExp(`it has ${size} bytes there, and at most 536870912 are taken`)),
      );
      expect(server.requests).toHaveLength(1);
      expect(await namesIn(folder)).toEqual([]);
    },
  );

  it('refuses the size that a server announces for the rest of a file', async () => {
    let count = 0;
    server.misbehave = (_, response, body) => {
      if (count++ === 0) return breakOff(response, body, 1000);
      const size = 1024 ** 4;
      response.writeHead(206, { 'Content-Range': `bytes 1000-${size - 1}/${size}`, ETag: etag(body) });
      response.write(noise(1000, 7));
      return true;
    };
    await expect(download()).rejects.toEqual(failure(/it has 1099511627776 bytes there/));
    expect(await namesIn(folder)).toEqual([]);
  });

  it.each([
    ['with a size', { 'Content-Length': rec.length }],
    ['without a size', {}],
  ])('gives up on single bytes that never end, %s', async (_, headers) => {
    server.misbehave = (_request, response, body) => {
      response.writeHead(200, { ...headers, ETag: etag(body) });
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
      return true;
    };
    await expect(download({ limits: { stallMs: 300, attempts: 2 } })).rejects.toEqual(
      failure(/only \d+ bytes came in 0\.3 s/),
    );
    expect(server.requests.length).toBeLessThan(5);
  });

  it('waits for a slow body', async () => {
    server.misbehave = (_, response, body) => {
      response.writeHead(200, { 'Content-Length': body.length });
      const step = Math.ceil(body.length / 10);
      const send = (from: number): void => {
        if (from >= body.length) response.end();
        else response.write(body.subarray(from, from + step), () => setTimeout(send, 60, from + step));
      };
      send(0);
      return true;
    };
    // The whole body takes longer than the timeout for one piece.
    await download({ limits: { stallMs: 500, minRate: 10, attempts: 1 } });
    expect(await content('rec.onnx')).toEqual(rec);
  });
});

describe('simultaneous downloads', () => {
  it('all succeed and leave one file', async () => {
    const [first, second, third] = await Promise.all([download(), download(), download()]);
    expect(first.files.map(({ sha256: hash }) => hash)).toEqual(second.files.map(({ sha256: hash }) => hash));
    expect(third.path).toBe(folder);
    expect(await content('rec.onnx')).toEqual(rec);
    expect((await namesIn(folder)).filter((name) => !/^(rec\.onnx|inference\.yml)(\.sha256)?$/.test(name))).toEqual([]);
  });

  it('accept only the content whose hash was recorded first', async () => {
    let count = 0;
    server.misbehave = (request, response) => {
      if (request.url?.endsWith('.onnx') !== true) return false;
      response.end(noisyModel(noise(1000, 10 + count++)));
      return true;
    };
    const ends = await Promise.allSettled([download(), download()]);
    const noted = (await content('rec.onnx.sha256')).toString().slice(0, 64);
    expect(sha256(await content('rec.onnx'))).toBe(noted);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('downloadSet from local files', () => {
  it('copies files, or the files of a folder, without a request', async () => {
    const given = await temporaryFolder();
    await writeFile(path.join(given, 'inference.onnx'), rec);
    await writeFile(path.join(given, 'inference.yml'), yml);
    const { files } = await download({ from: [given] });
    expect(files.map(({ bytes, pinned }) => [bytes, pinned])).toEqual([
      [rec.length, true],
      [yml.length, true],
    ]);
    await rm(folder, { recursive: true });
    await download({ from: [path.join(given, 'inference.yml'), path.join(given, 'inference.onnx')] });
    expect(await content('rec.onnx')).toEqual(rec);
    expect(server.requests).toEqual([]);
  });

  it('refuses a file with another hash', async () => {
    const given = await temporaryFolder();
    await writeFile(path.join(given, 'det.onnx'), 'not the detector');
    const taken = download({ from: [given] }, 'ppocrv5-mobile');
    await expect(taken).rejects.toMatchObject({
      code: 'model_corrupt',
      details: { path: path.join(given, 'det.onnx') },
    });
    expect(await namesIn(path.join(home.models, 'ppocrv5-mobile'))).toEqual([]);
  });

  it.each([
    ['five bytes', Buffer.from('hello'), /no ONNX model, or a part is missing/],
    ['a page of HTML', Buffer.from('<!doctype html><title>Not found</title>'), /no ONNX model/],
    ['half a model', rec.subarray(0, 100_000), /no ONNX model, or a part is missing/],
    [
      'the pointer of Git LFS',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      /no ONNX model/,
    ],
    ['noise', noise(5000, 9), /no ONNX model|no graph/],
    ['a dictionary', Buffer.from('a\nb\nc\n'), /no ONNX model|no graph/],
  ])('refuses %s in place of a model whose hash is not known, and keeps nothing', async (_, bytes, problem) => {
    server.files.set('inference.onnx', bytes);
    await expect(download()).rejects.toEqual(failure(problem));
    expect((await namesIn(folder)).filter((name) => name.startsWith('rec'))).toEqual([]);
    const given = await writeFiles(await temporaryFolder(), { 'inference.yml': yml.toString() });
    await writeFile(path.join(given, 'inference.onnx'), bytes);
    await expect(download({ from: [given] })).rejects.toMatchObject({
      code: 'model_mismatch',
      message: expect.stringMatching(problem) as string,
    });
    expect((await namesIn(folder)).filter((name) => name.startsWith('rec'))).toEqual([]);
  });

  it.each([
    ['settings without characters', 'PostProcess:\n  name: DBPostProcess\n', /no PostProcess.character_dict/],
    ['a page of HTML', '<!doctype html><title>Not found</title>', /not a PaddleOCR inference.yml/],
    ['nothing', '', /inference.yml|character_dict/],
  ])('refuses %s in place of a dictionary whose hash is not known', async (_, text, problem) => {
    server.files.set('inference.yml', Buffer.from(text));
    await expect(download()).rejects.toEqual(failure(problem));
    expect(await namesIn(folder)).not.toContain('inference.yml');
  });

  it.each(['/dev/zero', '/dev/null'])('refuses the device %s behind a name', async (device) => {
    const given = path.join(await temporaryFolder(), 'rec.onnx');
    await symlink(device, given);
    await expect(download({ from: [given] })).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('it is not a regular file') as string,
    });
  });

  it('names a missing file and all file names that it accepts', async () => {
    const given = await temporaryFolder();
    const taken = download({ from: [given] }, 'ppocrv5-mobile');
    await expect(taken).rejects.toMatchObject({
      code: 'model_missing',
      hint: expect.stringContaining(
        'det.onnx, PP-OCRv5_mobile_det_onnx/inference.onnx, PP-OCRv5_mobile_det.onnx',
      ) as string,
    });
    await expect(download({ from: [path.join(given, 'no')] })).rejects.toMatchObject({ code: 'file_not_found' });
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Pseudo-random bytes. */
function noise(length: number, seed: number): Buffer {
  const key = createHash('sha256').update(String(seed)).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}
