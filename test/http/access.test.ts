import { execFileSync } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome, temporaryFolder } from '../helpers/home.js';
import { send } from '../helpers/http.js';
import { installProbe } from '../helpers/module.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { predict, readLog, startServer, until, untilLogged, type TestServer } from '../helpers/server.js';

let home: string;
let images: readonly string[];

beforeAll(async () => {
  home = await sharedHome();
  await installProbe(home);
  images = [Buffer.from(fixtureBytes('blank.png')).toString('base64')];
});

afterAll(() => removeHome(home));

describe('--token_file', () => {
  const ask = async (server: TestServer, headers: Record<string, string>): Promise<number> =>
    (await predict(server, 'probe', { images }, { headers })).http;

  it('with several tokens takes each, logs its name, and takes a changed file without a restart', async () => {
    const file = path.join(await temporaryFolder(), 'tokens');
    await writeFile(file, '# office\nfirst-secret # paperless\nsecond-secret\n', { mode: 0o600 });
    const server = await startServer(home, { flags: ['-m', 'probe', '--token_file', file] });
    expect(await ask(server, { Authorization: 'Bearer first-secret', 'X-Request-Id': 'by-alpha' })).toBe(200);
    expect(await ask(server, { 'X-Api-Key': 'second-secret' })).toBe(200);
    expect(await ask(server, { 'X-Api-Key': '# office' })).toBe(401);
    expect(await untilLogged(server.logFile, ({ id }) => id === 'by-alpha')).toMatchObject({
      token: 'paperless',
      from: '127.0.0.1',
    });
    expect((await send(`${server.url}/metrics`)).text).toContain(
      'ocrhub_token_requests_total{token="paperless",status="200"} 1',
    );

    // Replaced as a whole, as `mv` does.
    await writeFile(`${file}.new`, 'third-secret\n', { mode: 0o600 });
    await rename(`${file}.new`, file);
    await until(
      'the new token is taken',
      () => ask(server, { 'X-Api-Key': 'third-secret' }),
      (http) => http === 200,
    );
    expect(await ask(server, { 'X-Api-Key': 'second-secret' })).toBe(401);

    // A file that cannot be used opens nothing.
    await writeFile(file, '# nothing\n');
    const { problem } = await untilLogged(server.logFile, ({ msg }) => msg === 'changed files are not used');
    expect(problem).toBe(`The token cannot be read from ${file}: it holds no token`);
    expect([await ask(server, { 'X-Api-Key': 'third-secret' }), await ask(server, {})]).toEqual([200, 401]);

    // No token is written anywhere.
    const written = await Promise.all(
      [server.logFile, path.join(home, 'serving', `${server.port}.json`)].map((name) => readFile(name, 'utf8')),
    );
    for (const text of written) expect(text).not.toMatch(/(first|second|third)-secret/);
  });

  it.skipIf(process.platform === 'win32')('that others can read is told, on stderr and in the log', async () => {
    const file = path.join(await temporaryFolder(), 'tokens');
    await writeFile(file, 'alpha\n', { mode: 0o644 });
    const { stderr } = await ocrhub(home, ['serving', 'start', '-m', 'probe', '-p', '18811', '--token_file', file]);
    const warning = `other users of this machine can read the tokens in ${file}. Run: chmod 600 ${file}`;
    expect(stderr).toContain(`Warning: ${warning}`);
    expect((await readLog(path.join(home, 'logs', '18811.log'))).map(({ msg }) => msg)).toContain(warning);
  });
});

it('--host 0.0.0.0 without a token warns, and with one it does not', async () => {
  const start = ['serving', 'start', '-m', 'probe', '--host', '0.0.0.0'];
  const open = await ocrhub(home, [...start, '-p', '18812']);
  expect(open.stderr).toContain('Warning: other machines can reach 0.0.0.0:18812, and no token is asked for');
  expect((await readLog(path.join(home, 'logs', '18812.log'))).some(({ msg }) => msg.includes('no token'))).toBe(true);
  const closed = await ocrhub(home, [...start, '-p', '18813'], { env: { OCRHUB_TOKEN: 'x' } });
  expect([closed.code, closed.stderr]).toEqual([0, '']);
});

it('a server on 127.0.0.1 answers no other host, and one with --allowed_hosts answers those', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe', '--allowed_hosts', 'ocr.example.com'] });
  const status = async (Host: string): Promise<number> =>
    (await send(`${server.url}/metrics`, { headers: { Host } })).http;
  expect([
    await status('evil.example'),
    await status('ocr.example.com'),
    await status(`localhost:${server.port}`),
  ]).toEqual([403, 200, 200]);
});

it('--base_path moves all addresses, and status, stop and predict find them', async () => {
  const server = await startServer(home, { flags: ['-m', 'probe', '--base_path', '/tools/ocr/'] });
  expect(server.url).toBe(`http://127.0.0.1:${server.port}/tools/ocr`);
  expect((await predict(server, 'probe', { images })).http).toBe(200);
  for (const route of ['/health', '/health/ready', '/metrics', '/openapi.json', '/']) {
    expect([route, (await send(server.url + route)).http]).toEqual([route, 200]);
    expect([route, (await send(`http://127.0.0.1:${server.port}${route}`)).http]).toEqual([route, 404]);
  }
  const { servers } = await ocrhubJson<{ servers: object[] }>(home, ['serving', 'status', '-p', String(server.port)]);
  expect(servers).toMatchObject([{ ready: true, url: server.url }]);
  expect((await ocrhub(home, ['serving', 'stop', '-p', String(server.port)])).code).toBe(0);
});

it.each([
  ['--cors', 'https://a.example/path', 'expected an origin such as'],
  ['--cors', 'HTTPS://a.example', 'expected an origin such as'],
  ['--cors', '*,https://a.example', '* stands for all origins; leave the others out'],
  ['--trust_proxy', 'nginx', 'expected an IP address such as'],
  ['--trust_proxy', '10.0.0.0/33', 'expected an IP address such as'],
  ['--base_path', 'ocr', 'expected a path such as /ocr'],
  ['--base_path', '/a/../b', 'expected a path such as /ocr'],
  ['--allowed_hosts', 'https://a.example', 'expected a host such as'],
  ['--cert', 'cert.pem', '--key is missing'],
  ['--key', 'key.pem', '--cert is missing'],
])('%s %s is refused: %s', async (flag, value, problem) => {
  const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'probe', flag, value]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(problem) as string]);
});

describe.skipIf(!hasOpenssl())('--cert and --key', () => {
  it('serve HTTPS, which status, stop and predict know', async () => {
    const files = await makeKeyPair(await temporaryFolder(), 'a');
    const server = await startServer(home, { flags: ['-m', 'probe', ...flagsOf(files)] });
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    const { servers } = await ocrhubJson<{ servers: object[] }>(home, ['serving', 'status', '-p', String(server.port)]);
    expect(servers).toMatchObject([{ ready: true, url: server.url }]);

    const picture = path.join(path.dirname(files.cert), 'blank.png');
    await writeFile(picture, fixtureBytes('blank.png'));
    const url = `${server.url}/predict/probe`;
    const unknown = await ocrhub(home, ['predict', url, picture, '--retries', '0']);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('its certificate is not trusted');
    expect(unknown.stderr).toContain('--cacert');
    expect((await ocrhub(home, ['predict', url, picture, '--cacert', files.cert])).code).toBe(0);
    expect((await ocrhub(home, ['predict', url, picture, '--cacert', files.key])).code).toBe(2);

    const { code, stdout } = await ocrhub(home, ['serving', 'stop', '-p', String(server.port)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(String(server.port)) as string]);
  });

  it('are read again when they change, and no request is dropped', async () => {
    const folder = await temporaryFolder();
    const files = await makeKeyPair(folder, 'a');
    const server = await startServer(home, { flags: ['-m', 'probe', ...flagsOf(files)] });
    const before = await fingerprint(server.port);
    const running = ask(server.port, { images, sleepMs: 3000 });
    const next = await makeKeyPair(folder, 'b');
    // One file after the other: for a moment they do not belong together.
    await writeFile(files.cert, await readFile(next.cert));
    const { problem } = await untilLogged(server.logFile, ({ msg }) => msg === 'changed files are not used');
    expect(problem).toContain('it is not the key of the certificate');
    expect(await fingerprint(server.port)).toBe(before);
    await writeFile(files.key, await readFile(next.key));
    await until(
      'the new certificate is in use',
      () => fingerprint(server.port),
      (now) => now !== before,
    );
    expect(await running).toBe(200);
    expect(await ask(server.port, { images })).toBe(200);
  });

  it.each([
    ['a key of another certificate', 'it is not the key of the certificate in'],
    ['an encrypted key', 'it is encrypted; write it without a passphrase'],
    ['no certificate', 'it holds no certificate in PEM form'],
    ['no key', 'it holds no private key in PEM form'],
    ['a missing file', 'ENOENT'],
  ])('with %s are refused at the start', async (what, problem) => {
    const folder = await temporaryFolder();
    const a = await makeKeyPair(folder, 'a');
    const pairs: Record<string, () => Promise<{ cert: string; key: string }>> = {
      'a key of another certificate': async () => ({ ...a, key: (await makeKeyPair(folder, 'b')).key }),
      'an encrypted key': () => {
        const key = path.join(folder, 'locked.pem');
        openssl('pkey', '-in', a.key, '-aes128', '-passout', 'pass:secret', '-out', key);
        return Promise.resolve({ ...a, key });
      },
      'no certificate': () => Promise.resolve({ ...a, cert: a.key }),
      'no key': () => Promise.resolve({ ...a, key: a.cert }),
      'a missing file': () => Promise.resolve({ ...a, key: path.join(folder, 'none.pem') }),
    };
    const files = await pairs[what]?.();
    const { code, stderr } = await ocrhub(home, [
      'serving',
      'start',
      '-m',
      'probe',
      '-p',
      '18814',
      ...flagsOf(files ?? a),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('HTTPS cannot be served with');
    expect(stderr).toContain(problem);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});

function flagsOf({ cert, key }: { cert: string; key: string }): string[] {
  return ['--cert', cert, '--key', key];
}

function hasOpenssl(): boolean {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** A certificate for 127.0.0.1, signed by itself. */
function makeKeyPair(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl('req', ...kind, ...subject, '-keyout', key, '-out', cert);
  return Promise.resolve({ cert, key });
}

/** The certificate that a new connection gets. */
function fingerprint(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** Posts over HTTPS and returns the status. */
function ask(port: number, body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(
      `https://127.0.0.1:${port}/predict/probe`,
      { method: 'POST', rejectUnauthorized: false, agent: false, headers: { 'Content-Type': 'application/json' } },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    asked.once('error', reject);
    asked.end(JSON.stringify(body));
  });
}
