import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startLinesServer } from '../../helpers/lines-server.js';
import { fixtureBytes } from '../../helpers/pictures.js';

const body = JSON.stringify({ images: [Buffer.from(fixtureBytes('small.png')).toString('base64')] });

/** Sends a request whose target is written as given, with the address of the server for HOST. */
async function ask(method: string, target: string): Promise<string> {
  const { url } = await startLinesServer();
  const { host, port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  const head = `Host: ${host}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  const sent = method === 'POST' ? body : '';
  socket.write(
    `${method} ${target.replace('HOST', host)} HTTP/1.1\r\n${head}Content-Length: ${sent.length}\r\n\r\n${sent}`,
  );
  return text(socket);
}

it.each([
  ['GET', 'http://HOST/health'],
  ['GET', 'HTTP://HOST//health//'],
  ['GET', 'http://HOST'],
  ['GET', 'https://HOST///health/?a=//b'],
  ['POST', 'http://HOST/predict/ocr_system'],
  ['POST', 'http://HOST//predict//ocr_system/'],
  ['POST', 'http://HOST//predict/ocr_system//?pages=1'],
])('an address with its host means the path alone: %s %s', async (method, target) => {
  expect(await ask(method, target)).toMatch(/^HTTP\/1\.1 200 OK/);
});

it.each([
  ['GET', 'http://HOST//no//where', 404],
  ['POST', 'http://HOST/predict/other', 404],
])('and an unknown one is refused: %s %s', async (method, target, status) => {
  expect(await ask(method, target)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});
