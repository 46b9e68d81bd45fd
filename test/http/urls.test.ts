import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhub } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, send } from '../helpers/http.js';
import { installModule } from '../helpers/module.js';
import { startRemote } from '../helpers/remote-server.js';
import { predict, startServer } from '../helpers/server.js';

let home: string;

beforeAll(async () => {
  home = await sharedHome();
  await installModule(home, "name: 'any', version: '1.0.0', predict: () => null,");
});

afterAll(() => removeHome(home));

it('a server fetches nothing unless --allow_urls lists the host', async () => {
  const remote = await startRemote((_, response) => void response.end('private'));
  const server = await startServer(home, { flags: ['-m', 'any'] });
  const refused = await predict(server, 'any', { urls: [`http://127.0.0.1:${remote.port}/a`] });
  expect([opened(refused).http, refused.headers['x-ocrhub-error']]).toEqual([400, 'urls_refused']);
  expect(remote.requests).toEqual([]);
});

it('a server fetches nothing from this machine, also if --allow_urls lists it', async () => {
  const remote = await startRemote((_, response) => void response.end('private'));
  const { port } = remote;
  const hosts = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'].map((host) => `${host}:${port}`);
  const server = await startServer(home, { flags: ['-m', 'any', '--allow_urls', ...hosts.slice(1), hosts.join()] });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '0x7f.1', '2130706433', '0177.0.0.1']) {
    const answer = opened(await predict(server, 'any', { urls: [`http://${host}:${port}/a`] }));
    expect(answer).toMatchObject({ http: 400, status: '101' });
    expect(answer.msg).toMatch(/ is refused: its host has an address that is not public$/);
  }
  expect(opened(await predict(server, 'any', { urls: [`http://127.0.0.2:${port}/a`] })).msg).toBe(
    `http://127.0.0.2:${port}/a is refused: the host 127.0.0.2:${port} is not in --allow_urls of this server`,
  );
  expect(remote.requests).toEqual([]);
  expect((await send(`${server.url}/openapi.json`)).text).toContain('"urls"');
});

it.each(['https://example.com', '*', '0x7f.1', 'example.com/scans'])('--allow_urls refuses %s', async (host) => {
  const { code, stderr } = await ocrhub(home, ['serving', 'start', '-m', 'any', '--allow_urls', host]);
  expect(code).toBe(2);
  expect(stderr).toContain(host);
  expect(stderr).toContain('expected a host such as example.com, *.example.com or example.com:8443');
});
