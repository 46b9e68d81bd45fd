import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { fetchRemoteFiles } from '../../../src/runtime/remote-files/fetch-remote-files.js';
import { parseHostPattern } from '../../../src/runtime/addresses/host-pattern.js';
import { internet, type Network } from '../../../src/runtime/remote-files/network.js';
import { temporaryFolder } from '../../helpers/home.js';
import { loopback, openNetwork, startRemote } from '../../helpers/remote-server.js';

interface How {
  readonly hosts?: readonly string[];
  readonly network?: Network;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly stop?: AbortSignal;
}

/** Fetches files as a request with these addresses does. */
async function fetchAll(urls: readonly string[], how: How = {}): Promise<[name: string, text: string][]> {
  const { hosts = [], network = openNetwork, maxBytes = 1000, timeoutMs = 2000, stop } = how;
  const patterns = hosts.map((host) => {
    const pattern = parseHostPattern(host);
    if (pattern === undefined) throw new Error(`${host} is no pattern`);
    return pattern;
  });
  const newSink = (): { chunks: Buffer[]; add(chunk: Buffer): void } => {
    const chunks: Buffer[] = [];
    return { chunks, add: (chunk) => void chunks.push(chunk) };
  };
  const policy = { hosts: patterns, limit: { size: maxBytes, left: maxBytes }, newSink, network };
  const files = await fetchRemoteFiles(urls, policy, { timeoutMs, stop: stop ?? new AbortController().signal });
  return files.map(({ name, sink }) => [name, Buffer.concat(sink.chunks).toString()]);
}

async function refusal(urls: readonly string[] | string, how: How = {}): Promise<OcrHubError> {
  const thrown: unknown = await fetchAll([urls].flat(), how).catch((error: unknown) => error);
  if (!OcrHubError.is(thrown)) throw new Error('nothing was refused', { cause: thrown });
  return thrown;
}

function codeAndMessage({ code, message, httpStatus }: OcrHubError): [string, number, string] {
  return [code, httpStatus, message];
}

/** A listed server on this machine under the name `files.example`. */
async function listed(answer: RequestListener): Promise<{ base: string; how: How; requests: string[]; port: number }> {
  const { port, requests } = await startRemote(answer);
  return {
    base: `http://files.example:${port}`,
    how: { hosts: [`files.example:${port}`, `*.files.example:${port}`] },
    requests,
    port,
  };
}

const sendPath: RequestListener = ({ url }, response) => void response.end(`file ${url}`);

describe('a file of a listed host', () => {
  it('arrives with its name, and the request has the name of the host', async () => {
    const { base, how, requests, port } = await listed(sendPath);
    expect(await fetchAll([`${base}/scans/page%201.png?key=1#top`], how)).toEqual([
      ['page 1.png', 'file /scans/page%201.png?key=1'],
    ]);
    expect(requests).toEqual([`files.example:${port} /scans/page%201.png?key=1`]);
  });

  it('arrives in the order of the addresses, at most four at once', async () => {
    let open = 0;
    let most = 0;
    const { base, how } = await listed(({ url }, response) => {
      most = Math.max(most, ++open);
      // The first file is the slowest.
      setTimeout(
        () => {
          open--;
          response.end(url);
        },
        url === '/0' ? 200 : 20,
      );
    });
    const urls = Array.from({ length: 12 }, (_, index) => `${base}/${index}`);
    const files = await fetchAll(urls, how);
    expect(files).toEqual(urls.map((_, index) => [String(index), `/${index}`]));
    expect(most).toBe(4);
  });

  it.each([
    ['/', ''],
    ['/a/', ''],
    ['/a%2Fb.png', 'b.png'],
    ['/..%2F..%2Fetc%2Fpasswd', 'passwd'],
    ['/a%5Cb.png', 'b.png'],
    ['/%E5%9B%BE.png', '图.png'],
    ['/%zz.png', '%zz.png'],
    ['/a%0D%0Ab.png', 'ab.png'],
    [`/${'a'.repeat(300)}`, 'a'.repeat(255)],
  ])('of %s has the name %j', async (address, name) => {
    const { base, how } = await listed(sendPath);
    expect((await fetchAll([base + address], how))[0]?.[0]).toBe(name);
  });

  it('may lie behind three redirects on listed hosts', async () => {
    const { base, how, requests, port } = await listed(({ url = '' }, response) => {
      const step = Number(url.slice(1));
      const location = ['/1', `http://cdn.files.example:${port}/2`, `//files.example:${port}/3`][step];
      if (location === undefined) response.end('here');
      else response.writeHead([301, 307, 302][step] ?? 308, { location }).end('not this');
    });
    expect(await fetchAll([`${base}/0`], how)).toEqual([['0', 'here']]);
    expect(requests).toHaveLength(4);
  });
});

describe('an address that is refused before a connection', () => {
  const untouched: Network = {
    resolve: (host) => Promise.reject(new Error(`${host} was resolved`)),
    isPublic: () => true,
  };
  const how: How = { hosts: ['allowed.com', '*.sub.allowed.com', 'xn--bcher-kva.example'], network: untouched };

  it.each([
    ['http://evil.com/', 'evil.com'],
    ['http://allowed.com.evil.com/', 'allowed.com.evil.com'],
    ['http://allowed.com./', 'allowed.com.'],
    ['http://xallowed.com/', 'xallowed.com'],
    ['http://sub.allowed.com/', 'sub.allowed.com'],
    ['http://allowed.com:8080/', 'allowed.com:8080'],
    ['http://allowed.com:22/', 'allowed.com:22'],
    ['http://evil.com#@allowed.com/', 'evil.com'],
    ['http://evil.com/?@allowed.com/', 'evil.com'],
    ['http://evil.com\\.allowed.com/', 'evil.com'],
    ['http://b\u00fccher.example.evil.com/', 'xn--bcher-kva.example.evil.com'],
    ['http://\u0430llowed.com/', 'xn--llowed-2nf.com'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
    ['http://\u2460\u2461\u2466.0.0.1/', '127.0.0.1'],
    ['http://[::ffff:127.0.0.1]/', '[::ffff:7f00:1]'],
    ['http://[::1]/', '[::1]'],
    ['http://169.254.169.254/', '169.254.169.254'],
    ['http://localhost/', 'localhost'],
  ])('%s: its host is %s, which is not listed', async (url, host) => {
    const error = await refusal(url, how);
    expect(error).toMatchObject({ code: 'url_host_refused', httpStatus: 400, details: { host } });
    expect(error.message).toMatch(/^http:.* is refused: the host .* is not in --allow_urls of this server$/);
  });

  it.each([
    ['http://allowed.com@127.0.0.1/', 'http://127.0.0.1/ is refused: it holds a user name or a password'],
    ['http://me:secret@allowed.com/', 'http://allowed.com/ is refused: it holds a user name or a password'],
    ['http://:secret@allowed.com/', 'http://allowed.com/ is refused: it holds a user name or a password'],
    ['file:///etc/passwd', 'file: is refused: expected http:// or https://'],
    ['data:image/png;base64,AAAA', 'data: is refused: expected http:// or https://'],
    ['gopher://allowed.com/', 'gopher://allowed.com/ is refused: expected http:// or https://'],
    ['ftp://allowed.com/', 'ftp://allowed.com/ is refused: expected http:// or https://'],
    ['javascript:alert(1)', 'javascript: is refused: expected http:// or https://'],
  ])('%s', async (url, message) => {
    expect(codeAndMessage(await refusal(url, how))).toEqual(['url_refused', 400, message]);
  });

  it.each([
    ['', 'urls[0] is no address'],
    ['scan.png', 'urls[0] is no address'],
    ['//allowed.com/a', 'urls[0] is no address'],
    ['http://', 'urls[0] is no address'],
    ['http://256.0.0.1/', 'urls[0] is no address'],
    ['http://allowed.com/\r\nHost: evil.com', 'urls[0] holds a space or a control character'],
    ['http://allo\twed.com/', 'urls[0] holds a space or a control character'],
    [' http://allowed.com/', 'urls[0] holds a space or a control character'],
    ['http://allowed.com/\0', 'urls[0] holds a space or a control character'],
  ])('%j', async (url, problem) => {
    expect(codeAndMessage(await refusal(url, how))).toEqual([
      'urls_invalid',
      400,
      `The field "urls" must be a list of addresses such as https://example.com/scan.pdf: ${problem}`,
    ]);
  });

  it('of more than 8192 characters', async () => {
    const error = await refusal(`http://allowed.com/${'a'.repeat(8192)}`, how);
    expect(error.message).toMatch(/: urls\[0\] is longer than 8192 characters$/);
  });

  it('refuses all addresses if one is wrong, and more than 20', async () => {
    const { base, how, requests } = await listed(sendPath);
    expect(await refusal([`${base}/a`, 'http://evil.com/'], how)).toMatchObject({ code: 'url_host_refused' });
    const many = Array.from({ length: 21 }, () => `${base}/a`);
    expect(await refusal(many, how)).toMatchObject({ code: 'urls_too_many', httpStatus: 400 });
    expect(requests).toEqual([]);
  });
});

describe('a listed host whose address is not public', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
  ])('is refused: %s', async (url) => {
    const hosts = ['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '169.254.169.254', 'localhost'];
    const error = await refusal(url, { hosts, network: internet });
    expect(error).toMatchObject({ code: 'url_refused', httpStatus: 400 });
    expect(error.message).toMatch(/ is refused: its host has an address that is not public$/);
  });

  it.each([
    ['one address', ['127.0.0.1']],
    ['a private address among public ones', ['93.184.216.34', '10.0.0.7']],
    ['a mapped IPv4 address', ['::ffff:10.0.0.7']],
  ])('is refused, and the answer does not name the address: %s', async (_, addresses) => {
    const { port, requests } = await startRemote(sendPath);
    const resolve = (): ReturnType<Network['resolve']> =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    const error = await refusal(`http://localtest.example:${port}/`, {
      hosts: [`localtest.example:${port}`],
      network: { ...internet, resolve },
    });
    expect(codeAndMessage(error)).toEqual([
      'url_refused',
      400,
      `http://localtest.example:${port}/ is refused: its host has an address that is not public`,
    ]);
    expect(JSON.stringify(error)).not.toMatch(/10\.0\.0\.7|127\.0\.0\.1/);
    expect(requests).toEqual([]);
  });

  it('is not reached if the name server answers the check with another address than the next question', async () => {
    const { port } = await startRemote(sendPath);
    const asked: string[] = [];
    const network: Network = {
      resolve: (host) => {
        asked.push(host);
        return Promise.resolve(asked.length === 1 ? [loopback] : [{ address: '127.0.0.2', family: 4 }]);
      },
      isPublic: (address) => address === '127.0.0.1',
    };
    const how = { hosts: [`rebinding.example:${port}`], network };
    expect(await fetchAll([`http://rebinding.example:${port}/a`], how)).toEqual([['a', 'file /a']]);
    expect(asked).toEqual(['rebinding.example']);
    expect(await refusal(`http://rebinding.example:${port}/a`, how)).toMatchObject({ code: 'url_refused' });
  });

  it('is refused as the target of a redirect', async () => {
    const { base, how, requests, port } = await listed((_, response) => {
      response.writeHead(302, { location: `http://inside.files.example:${port}/secret` }).end();
    });
    const network: Network = {
      resolve: (host) =>
        Promise.resolve([{ address: host === 'files.example' ? '127.0.0.1' : '127.0.0.2', family: 4 }]),
      isPublic: (address) => address === '127.0.0.1',
    };
    expect(await refusal(`${base}/a`, { ...how, network })).toMatchObject({ code: 'url_refused' });
    expect(requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it.each([
    ['http://evil.com/', 'url_host_refused', 'the host evil.com is not in --allow_urls of this server'],
    ['http://127.0.0.1/', 'url_host_refused', 'the host 127.0.0.1 is not in --allow_urls of this server'],
    ['//evil.com/', 'url_host_refused', 'the host evil.com is not in --allow_urls of this server'],
    ['file:///etc/passwd', 'url_refused', 'expected http:// or https://'],
    ['http://a:b@files.example/', 'url_refused', 'it holds a user name or a password'],
  ])('to %s is refused', async (location, code, problem) => {
    const { base, how } = await listed((_, response) => void response.writeHead(302, { location }).end());
    const error = await refusal(`${base}/a`, how);
    expect(codeAndMessage(error)).toEqual([code, 400, `${base}/a is refused: ${problem}`]);
  });

  it('that leads in a circle ends after three', async () => {
    const { base, how, requests } = await listed(
      (_, response) => void response.writeHead(302, { location: '/a' }).end(),
    );
    const message = `${base}/a cannot be fetched: it redirects more than 3 times`;
    expect(codeAndMessage(await refusal(`${base}/a`, how))).toEqual(['url_unreachable', 422, message]);
    expect(requests).toHaveLength(4);
  });

  it.each([{}, { location: 'http://' }])('without an address is an error: %j', async (headers) => {
    const { base, how } = await listed((_, response) => void response.writeHead(302, headers).end());
    expect((await refusal(`${base}/a`, how)).message).toMatch(/: it redirects to what is no address$/);
  });
});

describe('an answer that is not used', () => {
  const cases: readonly (readonly [what: string, answer: (response: ServerResponse) => void, problem: string])[] = [
    ['404', (response) => void response.writeHead(404).end('private text'), 'it answers HTTP 404'],
    ['500', (response) => void response.writeHead(500).end('private text'), 'it answers HTTP 500'],
    ['204', (response) => void response.writeHead(204).end(), 'it answers HTTP 204'],
    ['206', (response) => void response.writeHead(206).end('part'), 'it answers HTTP 206'],
    ['an empty file', (response) => void response.end(), 'its file is empty'],
    [
      'gzip',
      (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1e6))),
      'it answers with a compressed file, which was not asked for',
    ],
    [
      'fewer bytes than Content-Length',
      (response) => {
        response.writeHead(200, { 'content-length': 10 }).write('abc');
        setTimeout(() => response.destroy(), 20);
      },
      'the connection failed (ECONNRESET)',
    ],
    [
      'a chunked body that ends early',
      (response) => {
        response.writeHead(200).write('abc');
        setTimeout(() => response.destroy(), 20);
      },
      'the connection failed (ECONNRESET)',
    ],
    [
      'no HTTP',
      (response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'),
      'the connection failed (HPE_INVALID_CONSTANT)',
    ],
    [
      'headers without end',
      (response) => void response.socket?.end(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`),
      'the connection failed (HPE_HEADER_OVERFLOW)',
    ],
  ];
  it.each(cases)('%s', async (_, answer, problem) => {
    const { base, how } = await listed((_request, response) => answer(response));
    const error = await refusal(`${base}/a?token=secret`, how);
    expect(codeAndMessage(error)).toEqual(['url_unreachable', 422, `${base}/a cannot be fetched: ${problem}`]);
    expect(error.message + error.hint).not.toMatch(/secret|private text/);
  });

  it('a body without end is cut at the limit', async () => {
    let sent = 0;
    const { base, how } = await listed((_, response) => {
      const timer = setInterval(() => {
        sent += 100;
        response.write('x'.repeat(100));
      }, 1);
      response.on('close', () => clearInterval(timer));
    });
    const error = await refusal(`${base}/a`, how);
    expect(codeAndMessage(error)).toEqual([
      'url_too_large',
      422,
      `${base}/a cannot be fetched: the fetched files are larger than 1000 bytes together`,
    ]);
    expect(sent).toBeLessThan(100_000);
  });

  it('a Content-Length over the limit is refused before the body', async () => {
    const { base, how } = await listed((_, response) => {
      // The body never comes.
      response.writeHead(200, { 'content-length': 1001 }).flushHeaders();
    });
    expect((await refusal(`${base}/a`, how)).code).toBe('url_too_large');
  });

  it('the limit holds for all files together', async () => {
    const { base, how } = await listed((_, response) => void response.end('x'.repeat(400)));
    expect(await fetchAll([`${base}/a`, `${base}/b`], how)).toHaveLength(2);
    expect((await refusal([`${base}/a`, `${base}/b`, `${base}/c`], how)).code).toBe('url_too_large');
  });

  it('a slow body ends with the time', async () => {
    const { base, how } = await listed((_, response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    });
    const error = await refusal(`${base}/a`, { ...how, timeoutMs: 200 });
    expect(codeAndMessage(error)).toEqual(['urls_too_slow', 422, 'The fetched files did not arrive within 0.2 s']);
  });

  it('a server that never answers ends with the time', async () => {
    const { base, how } = await listed(() => undefined);
    expect((await refusal(`${base}/a`, { ...how, timeoutMs: 100 })).code).toBe('urls_too_slow');
  });

  it('a name server that never answers ends after the time for a connection', async () => {
    const network: Network = { ...openNetwork, resolve: () => new Promise(() => undefined) };
    const error = await refusal('http://a.example/', { hosts: ['a.example'], network, timeoutMs: 10_000 });
    expect(error.message).toBe('http://a.example/ cannot be fetched: no connection within 5 s');
  });

  it('a host that does not exist, and a port that is closed', async () => {
    const notFound: Network = {
      ...openNetwork,
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
    };
    expect((await refusal('http://a.example/', { hosts: ['a.example'], network: notFound })).message).toBe(
      'http://a.example/ cannot be fetched: its host is not found (ENOTFOUND)',
    );
    const closed = await refusal('http://a.example:1/', { hosts: ['a.example:1'] });
    expect(closed.message).toBe('http://a.example:1/ cannot be fetched: the connection failed (ECONNREFUSED)');
  });

  it('the first error ends the other fetches, and so does a client that goes away', async () => {
    const closed: string[] = [];
    const { base, how, requests } = await listed(({ url = '' }, response) => {
      response.on('close', () => closed.push(url));
      if (url === '/bad') response.writeHead(404).end();
    });
    expect((await refusal([`${base}/slow`, `${base}/bad`], how)).message).toMatch(/HTTP 404$/);
    await expect.poll(() => closed.sort()).toEqual(['/bad', '/slow']);

    const client = new AbortController();
    const fetching = refusal(`${base}/late`, { ...how, stop: client.signal });
    await expect.poll(() => requests.length).toBe(3);
    client.abort();
    expect((await fetching).code).toBe('client_gone');
    await expect.poll(() => closed.length).toBe(3);
    expect((await refusal(`${base}/never`, { ...how, stop: AbortSignal.abort() })).code).toBe('client_gone');
    expect(requests).toHaveLength(3);
  });

  it('a proxy of the environment is not used', async () => {
    const proxy = await startRemote((_, response) => void response.end('proxy'));
    process.env['http_proxy'] = `http://127.0.0.1:${proxy.port}`;
    onTestFinished(() => {
      delete process.env['http_proxy'];
    });
    const { base, how } = await listed(sendPath);
    expect(await fetchAll([`${base}/a`], how)).toEqual([['a', 'file /a']]);
    expect(proxy.requests).toEqual([]);
  });
});

describe.skipIf(!hasOpenssl())('https', () => {
  async function listedHttps(answer: RequestListener): Promise<{ base: string; how: How; names: unknown[] }> {
    const folder = await temporaryFolder();
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=files.example', '-addext', 'subjectAltName=DNS:files.example'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const names: unknown[] = [];
    const ca = readFileSync(cert, 'utf8');
    const server = https.createServer({ key: readFileSync(key), cert: ca }, answer);
    server.on('secureConnection', ({ servername }: { servername: unknown }) => names.push(servername));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const hosts = [`files.example:${port}`, `other.example:${port}`, 'files.example'];
    return { base: `https://files.example:${port}`, how: { hosts, network: { ...openNetwork, ca } }, names };
  }

  it('checks the certificate of the name, which it sends to the server', async () => {
    const { base, how, names } = await listedHttps(sendPath);
    expect(await fetchAll([`${base}/a`], how)).toEqual([['a', 'file /a']]);
    expect(names).toEqual(['files.example']);
    const other = await refusal(`${base.replace('files.', 'other.')}/a`, how);
    expect(other.message).toMatch(/the connection failed \(ERR_TLS_CERT_ALTNAME_INVALID\)$/);
    const unknown = await refusal(`${base}/a`, { ...how, network: openNetwork });
    expect(unknown.message).toMatch(/the connection failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
  });

  it('never becomes http by a redirect', async () => {
    const { base, how } = await listedHttps((_, response) => {
      response.writeHead(302, { location: 'http://files.example/a' }).end();
    });
    expect((await refusal(`${base}/a`, how)).message).toBe(`${base}/a is refused: it redirects from https to http`);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
