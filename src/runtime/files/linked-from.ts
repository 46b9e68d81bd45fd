import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';

/**
 * Where a path leads whose name, or a folder on the way, is a link; undefined for one without links, or with links of the system alone.
 * Whoever may write in one of these folders chooses what is read there, and messages about it may be for others.
 */
export function linkedFrom(file: string): string | undefined {
  try {
    const real = realpathSync(file);
    return real === path.resolve(file) || isSystemsWay(path.resolve(file)) ? undefined : real;
  } catch {
    return undefined;
  }
}

/** Whether all links on a way that ends are the system's, as /var on macOS, and /home where it lies on another disk. */
function isSystemsWay(file: string): boolean {
  const { root } = path.parse(file);
  const left = file.slice(root.length).split(path.sep);
  let place = root;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const next = path.join(place, name);
    const stats = lstatSync(next);
    if (!stats.isSymbolicLink()) {
      place = next;
      continue;
    }
    if (!isSystemsLink(stats, place === root)) return false;
    const target = readlinkSync(next);
    if (path.isAbsolute(target)) place = root;
    left.unshift(...target.split(path.sep));
  }
  return true;
}

/** What root unpacks belongs to root, so a server of root trusts fewer links. Windows names no owner. */
function isSystemsLink({ uid }: Stats, isAtTop: boolean): boolean {
  const user = process.getuid?.();
  return user !== undefined && uid === 0 && (user !== 0 || isAtTop);
}
