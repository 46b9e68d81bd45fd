import { resolveHome, type Home } from '../config/home.js';
import { prespawnServer } from './spawn-server.js';

/* bin/run.js imports this before everything else if the command is `serving start`. */

const home = findHome();
if (home !== undefined) prespawnServer(home);

/** Undefined if the user's defaults are damaged; the command reports that. */
function findHome(): Home | undefined {
  try {
    return resolveHome();
  } catch {
    return undefined;
  }
}
