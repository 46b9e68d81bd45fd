import type { Protocols } from './app.js';
import { hubServing, type HubServingOptions } from './hubserving/protocol.js';
import { liteParse } from './liteparse/protocol.js';
import { paddleServing } from './paddleserving/protocol.js';
import { paddleX } from './paddlex/protocol.js';
import { rapidOcr } from './rapidocr/protocol.js';

/**
 * The protocols of a server. HubServing also writes the errors at addresses that belong to none. RapidOCR and LiteParse tell
 * their requests to /ocr by the body; PaddleX gets the others.
 */
export function createProtocols(options: HubServingOptions): Protocols {
  return [hubServing(options), rapidOcr(), liteParse(), paddleX(options), paddleServing()];
}
