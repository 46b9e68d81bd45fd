// The whole workflow in one go, in a home folder of its own: install, start, send a picture, print its lines, stop.
//   npm run demo               the picture that comes with the repository
//   npm run demo -- my.jpg     your own
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, 'demo');
const picture = path.resolve(process.argv[2] ?? path.join(root, 'test', 'fixtures', 'demo.jpg'));
const port = await getPort();

ocrhub('install', path.join(root, 'src', 'modules', 'ocr_system'));
ocrhub('serving', 'start', '-m', 'ocr_system', '-p', String(port));
try {
  ocrhub('predict', `http://127.0.0.1:${port}/predict/ocr_system`, picture, '--visualize', folder);
} finally {
  ocrhub('serving', 'stop', '-p', String(port));
}

/** Runs a command as a user would, showing it. */
function ocrhub(...args) {
  console.log(`\n$ ocrhub ${args.map(shown).join(' ')}`);
  const { status } = spawnSync(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, OCRHUB_HOME: path.join(folder, 'home') },
  });
  if (status !== 0) process.exitCode = status ?? 1;
}

/** Paths are shown from where the user is. */
function shown(argument) {
  return path.isAbsolute(argument) ? path.relative(process.cwd(), argument) : argument;
}
