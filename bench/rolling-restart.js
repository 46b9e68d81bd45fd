// Two servers behind nginx (deploy/nginx.conf), four clients, and a restart of one port after the other: by stop and
// start, and by `serving restart`. Prints the requests that failed, and exits with 1 when there were any.
//
//   apt-get install nginx && npm run build && node bench/rolling-restart.js
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { ocrhub, root } from './harness.js';

const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-nginx-'));
const home = path.join(folder, 'home');
const ports = ['8868', '8869'];

ocrhub(home, 'install', 'ocr_rec');
for (const port of ports) start(port);
const nginx = await startNginx();
try {
  const image = await readFile(path.join(root, 'test', 'fixtures', 'line.png'), 'base64');
  const load = autocannon({
    url: 'http://127.0.0.1:8080/predict/ocr_rec',
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ images: [image] }),
    connections: 4,
    duration: 30,
    timeout: 60,
  });
  await sleep(3000);
  for (const port of ports) {
    ocrhub(home, 'serving', 'stop', '-p', port);
    start(port);
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

function start(port) {
  ocrhub(home, 'serving', 'start', '-m', 'ocr_rec', '-p', port);
}

/** nginx with the project's own server block, everything else in a temporary folder. */
async function startNginx() {
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
