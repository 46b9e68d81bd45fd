import { isLoopback } from '../addresses/loopback.js';
import { isEverywhere } from '../addresses/subnet.js';
import { isReadableByOthers } from '../config/token.js';
import type { ServeOptions } from './serve-options.js';

/** What makes a server more open than its owner may think. `serving start` prints it, and the log of the server has it. */
export async function warningsOf(options: ServeOptions, hasToken: boolean): Promise<string[]> {
  const { host, port, cors, trustProxy, tokenFile } = options;
  const warnings: string[] = [];
  if (!isLoopback(host) && !hasToken) {
    warnings.push(
      `other machines can reach ${host}:${port}, and no token is asked for: whoever reaches it can use it. Set --token_file or OCRHUB_TOKEN`,
    );
  }
  if (cors.includes('*')) {
    const whose = hasToken ? 'every web page that has the token' : 'every web page that somebody opens on this network';
    warnings.push(`--cors * lets ${whose} use the server. List the origins instead`);
  }
  if (trustProxy.some(isEverywhere)) {
    warnings.push(
      `--trust_proxy ${trustProxy.join(' ')} believes every client. List the addresses of the proxy instead`,
    );
  }
  if (tokenFile !== undefined && (await isReadableByOthers(tokenFile))) {
    warnings.push(`other users of this machine can read the tokens in ${tokenFile}. Run: chmod 600 ${tokenFile}`);
  }
  return warnings;
}
