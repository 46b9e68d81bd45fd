import { protocolNames, type ProtocolName } from '../../service/protocol-names.js';
import type { Files } from '../../jobs/files.js';
import type { Jobs } from '../../jobs/jobs.js';
import type { Protocols } from '../app.js';
import { azure } from './azure/protocol.js';
import { docling } from './docling/protocol.js';
import { fastGpt } from './fastgpt/protocol.js';
import { hubServing, type HubServingOptions } from './hubserving/protocol.js';
import { kserve } from './kserve/protocol.js';
import { liteParse } from './liteparse/protocol.js';
import { mistral } from './mistral/protocol.js';
import { openWebUi } from './openwebui/protocol.js';
import { paddleJobs } from './paddlejobs/protocol.js';
import { paddleServing } from './paddleserving/protocol.js';
import { paddleX } from './paddlex/protocol.js';
import type { Protocol } from '../protocol.js';
import { rapidOcr } from './rapidocr/protocol.js';
import { umiOcr } from './umiocr/protocol.js';

export interface ProtocolOptions extends MakerOptions {
  /** One or several. */
  readonly protocols: readonly ProtocolName[];
}

/** The protocols of a server. The first also writes the errors at addresses that belong to none: HubServing unless it is off. */
export function createProtocols({ protocols, ...options }: ProtocolOptions): Protocols {
  const [first, ...others] = protocolNames
    .filter((name) => protocols.includes(name))
    .map((name) => makers[name](options));
  if (first === undefined) throw new Error('a server without protocols answers nothing');
  return [first, ...others];
}

interface MakerOptions extends HubServingOptions {
  readonly jobs: Jobs;
  readonly files: Files;
}

const makers: Readonly<Record<ProtocolName, (options: MakerOptions) => Protocol>> = {
  hubserving: hubServing,
  rapidocr: rapidOcr,
  liteparse: liteParse,
  paddlex: paddleX,
  paddleserving: paddleServing,
  umiocr: umiOcr,
  kserve: (options) => kserve(paddleX(options)),
  azure,
  paddlejobs: paddleJobs,
  mistral,
  docling,
  openwebui: openWebUi,
  fastgpt: fastGpt,
};
