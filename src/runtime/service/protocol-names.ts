/** The wire protocols of a server. Those at one address come in the order in which they are asked whether they take a request. */
export const protocolNames = [
  'hubserving',
  'rapidocr',
  'liteparse',
  'paddlex',
  'paddleserving',
  'umiocr',
  'kserve',
  'azure',
  'paddlejobs',
  'mistral',
  'docling',
  'openwebui',
  'fastgpt',
] as const;

export type ProtocolName = (typeof protocolNames)[number];
