import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { root } from './cli.js';
import { temporaryFolder } from './home.js';

/** Copies ocrhub to a second installation, removed when the test finishes. `CliOptions.installation` runs it. */
export async function copyInstallation(): Promise<string> {
  const copy = await temporaryFolder();
  for (const name of ['bin', 'dist', 'models', 'package.json', path.join('src', 'modules')])
    await cp(path.join(root, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
  return copy;
}
