import type { Home } from '../../runtime/config/home.js';
import { printableLine } from '../_printable.js';

/** Names the home folder, because servers of another one may run. */
export function noServerText({ root }: Home): string {
  return `No server of ${printableLine(root)} is running`;
}
