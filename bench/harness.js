// What the measurements share: the built command line with a home folder of its own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = packageFolder(path.dirname(fileURLToPath(import.meta.url)));

/** Runs `ocrhub`; answers what it printed, throws when it failed. */
export function ocrhub(home, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'bin', 'run.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, OCRHUB_HOME: home },
  });
  if (status !== 0) throw new Error(`ocrhub ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * The nearest folder with a package.json: this file may have been bundled into bench/out.
 *
 * @param {string} folder
 * @returns {string}
 */
function packageFolder(folder) {
  return existsSync(path.join(folder, 'package.json')) ? folder : packageFolder(path.dirname(folder));
}
