/**
 * Restarts two servers behind nginx (deploy/nginx.conf), one after the other, while four clients send requests: first by
 * stop and start, then by `serving restart`. Prints the failed requests, and exits with 1 when there were any.
 *
 *   apt-get install nginx && npm run build && node bench/run.js rolling-restart
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { jsonHeaders, ocrhub, requestBody, root, startServer, stopServer } from './lib/ocrhub.js';

const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-nginx-'));
const home = path.join(folder, 'home');
const ports = ['8868', '8869'];

ocrhub(home, 'install', 'ocr_rec');
for (const port of ports) startServer(home, port, 'ocr_rec');
const nginx = await startNginx();
try {
  const image = await readFile(path.join(root, 'test', 'fixtures', 'line.png'), 'base64');
  const load = autocannon({
    url: 'http://127.0.0.1:8080/predict/ocr_rec',
    method: 'POST',
    headers: jsonHeaders,
    body: requestBody(image),
    connections: 4,
    duration: 30,
    timeout: 60,
  });
  await sleep(3000);
  for (const port of ports) {
    stopServer(home, port);
    startServer(home, port, 'ocr_rec');
    await sleep(1500);
  }
  for (const port of ports) ocrhub(home, 'serving', 'restart', '-p', port);
  const { '2xx': answered, non2xx, errors } = await load;
  console.log(`${answered} answered, ${non2xx} refused, ${errors} connections failed`);
  process.exitCode = non2xx + errors === 0 && answered > 0 ? 0 : 1;
} finally {
  nginx.kill();
  ocrhub(home, 'serving', 'stop', '--all');
  await rm(folder, { recursive: true, force: true });
}

/** nginx with the project's own server block; all its other files lie in the temporary folder. */
async function startNginx(): Promise<ChildProcess> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const config = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http { access_log off; ${temporary.join(' ')}
${await readFile(path.join(root, 'deploy', 'nginx.conf'), 'utf8')}
}`;
  await writeFile(path.join(folder, 'nginx.conf'), config);
  const child = spawn('nginx', ['-c', path.join(folder, 'nginx.conf')], { stdio: 'inherit' });
  await sleep(1000);
  return child;
}
