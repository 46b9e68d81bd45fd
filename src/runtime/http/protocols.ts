import type { Protocols } from './app.js';
import { hubServing, type HubServingOptions } from './hubserving/protocol.js';
import { paddleX } from './paddlex/protocol.js';

/** The protocols of a server. HubServing also writes the errors at addresses that belong to none. */
export function createProtocols(options: HubServingOptions): Protocols {
  return [hubServing(options), paddleX(options)];
}
