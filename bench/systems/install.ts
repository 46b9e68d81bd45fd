import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/ocrhub.js';

/**
 * Makes a Python environment with these packages, once, and returns its Python.
 *
 * @throws Error with what failed
 */
export function installFromPyPI(name: string, requirements: readonly string[]): string {
  const folder = once(name, requirements, (target) => {
    run(['python3', '-m', 'venv', target]);
    run([path.join(target, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', ...requirements]);
  });
  return path.join(folder, 'bin', 'python');
}

/**
 * Makes a Node package that depends on these packages, once, and returns its folder.
 *
 * @throws Error with what failed
 */
export function installFromNpm(name: string, dependencies: Readonly<Record<string, string>>): string {
  return once(name, dependencies, (target) => {
    mkdirSync(target, { recursive: true });
    writeFileSync(path.join(target, 'package.json'), JSON.stringify({ private: true, dependencies }));
    // Its peer dependencies are for browsers and phones.
    run(['npm', 'install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--prefix', target]);
  });
}

/** Installs into bench/out/rivals/NAME, unless the same packages are there. */
function once(name: string, wanted: unknown, install: (folder: string) => void): string {
  const folder = path.join(root, 'bench', 'out', 'rivals', name);
  const stamp = path.join(folder, 'installed.json');
  const text = JSON.stringify(wanted);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === text) return folder;
  console.error(`installing ${name} ...`);
  rmSync(folder, { recursive: true, force: true });
  install(folder);
  writeFileSync(stamp, text);
  return folder;
}

function run([program = '', ...args]: readonly string[]): void {
  // The engine's install step would fetch its CUDA libraries.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') throw new Error(`${program} is not on the PATH`);
  if (error !== undefined) throw error;
  if (status !== 0) {
    const said = stderr.trim().split('\n');
    throw new Error(said.findLast((line) => line.startsWith('ERROR') || line.startsWith('npm error')) ?? said.at(-1));
  }
}
