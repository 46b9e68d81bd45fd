// The whole workflow in one go, in a home folder of its own: install, start, send a picture, print its lines, stop.
//   npm run demo               the picture that comes with the repository
//   npm run demo -- my.jpg     your own
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'demo');
const picture = path.resolve(process.argv[2] ?? path.join(root, 'test', 'fixtures', 'demo.jpg'));
const port = await freePort();

ocrhub('install', path.join(root, 'src', 'modules', 'ocr_system'));
ocrhub('serving', 'start', '-m', 'ocr_system', '-p', String(port));
try {
  ocrhub('predict', `http://127.0.0.1:${port}/predict/ocr_system`, picture, '--visualize', folder);
} finally {
  ocrhub('serving', 'stop', '-p', String(port));
}

/** Runs a command as a user would, showing it. */
function ocrhub(...args) {
  console.log(
    `\n$ ocrhub ${args.map((arg) => (path.relative(process.cwd(), arg).startsWith('..') ? arg : shorten(arg))).join(' ')}`,
  );
  const { status } = spawnSync(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, OCRHUB_HOME: path.join(folder, 'home') },
  });
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Paths inside the working directory are shown relative to it. */
function shorten(arg) {
  return path.isAbsolute(arg) ? path.relative(process.cwd(), arg) : arg;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
