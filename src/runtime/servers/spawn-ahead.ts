import { resolveHome, type Home } from '../config/home.js';
import { prespawnServer } from './spawn-server.js';

/* Imported by bin/run.js before everything else, where a server is to be started. */

const home = findHome();
if (home !== undefined) prespawnServer(home);

/** Undefined where the user's defaults are damaged; the command says so. */
function findHome(): Home | undefined {
  try {
    return resolveHome();
  } catch {
    return undefined;
  }
}
