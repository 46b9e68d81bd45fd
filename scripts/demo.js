// Runs the whole workflow with its own home folder: install, start, send a picture, print its lines, stop.
//   npm run demo               the picture that comes with the repository
//   npm run demo -- my.jpg     a picture of your own
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// npm runs scripts in the package's folder. INIT_CWD is the folder in which the user typed the command.
const picture =
  process.argv[2] === undefined
    ? path.join('test', 'fixtures', 'demo.jpg')
    : path.relative(root, path.resolve(process.env.INIT_CWD ?? '.', process.argv[2]));
if (!existsSync(path.join(root, picture))) {
  console.error(`There is no picture ${process.argv[2]}`);
  process.exit(3);
}
const home = path.join(root, 'demo', 'home');
const port = await getPort();

// Remove the servers and files of an earlier demo.
run(['serving', 'stop', '--all'], 'ignore');
rmSync(home, { recursive: true, force: true });

ocrhub('install', './src/modules/ocr_system');
ocrhub('serving', 'start', '-m', 'ocr_system', '-p', String(port));
try {
  ocrhub('predict', `http://127.0.0.1:${port}/predict/ocr_system`, picture, '--visualize', 'demo');
} finally {
  ocrhub('serving', 'stop', '-p', String(port));
}

/** Prints a command and runs it as a user would. */
function ocrhub(...args) {
  console.log(`\n$ ocrhub ${args.join(' ')}`);
  const { status } = run(args, 'inherit');
  if (status !== 0) process.exitCode = status ?? 1;
}

function run(args, stdio) {
  const env = { ...process.env, OCRHUB_HOME: home };
  return spawnSync(process.execPath, [path.join('bin', 'run.js'), ...args], { cwd: root, stdio, env });
}
