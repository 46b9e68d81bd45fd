import { OcrhubClient } from '../fetch-client/index.js';
import type { NamedFile, Reader, ReadRequest } from './reader.js';

export interface ServerReaderOptions {
  /** The address of the server: http://127.0.0.1:8868 */
  readonly url: string;
  readonly token: string | undefined;
  /** The name under which the module is served. */
  readonly module: string | undefined;
}

/** Reads with a server. */
export class ServerReader implements Reader {
  readonly #client: OcrhubClient;

  /** @throws TypeError if the address is none of HTTP */
  constructor({ url, token, module }: ServerReaderOptions) {
    this.#client = new OcrhubClient(url, { token, module });
  }

  async read({ name, bytes }: NamedFile, request: ReadRequest): Promise<string> {
    const { format, pages, password, fields, signal } = request;
    const file = new File([new Uint8Array(bytes)], name === '' ? 'file' : name);
    const options = { pages, password, signal, fields: fields as Record<string, string> };
    if (format === 'json') return JSON.stringify({ documents: await this.#client.read(file, options) });
    return this.#client.readAs(format, file, options);
  }

  async modules(): Promise<object> {
    const { version, status, modules } = await this.#client.health();
    return { version, status, modules };
  }
}
