import { randomBytes } from 'node:crypto';
import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/make-folder.js';
import { packageRoot } from '../package.js';
import type { Home } from '../home.js';

/**
 * Makes `import ... from 'ocrhub'` in installed modules find this very package, by a link in the home folder's
 * node_modules (a junction on Windows, which needs no rights).
 */
export async function linkRuntime(home: Home): Promise<void> {
  const link = path.join(home.root, 'node_modules', 'ocrhub');
  await makeFolder(path.dirname(link));
  if ((await readlink(link).catch(() => undefined)) === packageRoot) return;
  const temporary = `${link}-${randomBytes(6).toString('hex')}`;
  await symlink(packageRoot, temporary, 'junction');
  if ((await lstat(link).catch(() => undefined)) !== undefined && process.platform === 'win32') {
    await rm(link, { recursive: true, force: true });
  }
  await rename(temporary, link);
}

/** Names of links that were made, and never became the link. */
export const linkDrafts = /^ocrhub-[0-9a-f]{12}$/;
