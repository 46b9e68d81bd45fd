import type { Envelope, Health, OcrDocument, OcrLine } from './answers.js';
import { isBinary, type FormatName, type FormatResult } from './formats.js';
import { formOf, jsonOf, type Fields, type FileInput, type ReadOptions, type RequestOptions } from './request-body.js';
import { send, type Sending } from './send.js';
import { takeDocuments, takeEnvelope, takeHealth } from './take-answer.js';

export interface ClientOptions {
  /** The token of the server. */
  readonly token?: string | undefined;
  /** The name under which the server serves the module; "ocr_system" by default. */
  readonly module?: string | undefined;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Further attempts when the server is busy or not ready; 3 by default. */
  readonly retries?: number | undefined;
}

/**
 * A server of ocrhub. It needs `fetch` and nothing else, so it runs in browsers, Node, Deno and workers.
 *
 * @example
 * const client = new OcrhubClient('http://127.0.0.1:8868');
 * for (const { pages } of await client.read(file)) {
 *   for (const { page, lines } of pages) console.log(page, lines.map(({ text }) => text));
 * }
 */
export class OcrhubClient {
  readonly #base: string;
  readonly #predictUrl: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sending: Sending;

  /**
   * @param url - the server, such as http://127.0.0.1:8868, with the path of a proxy if there is one
   * @throws TypeError if the address is none of HTTP, or `retries` is not a number from 0
   */
  constructor(url: string | URL, { token, module = 'ocr_system', fetch, retries = 3 }: ClientOptions = {}) {
    this.#base = checkServer(String(url));
    if (!(retries >= 0)) throw new TypeError(`Expected retries of 0 or more, got ${String(retries)}`);
    this.#predictUrl = `${this.#base}/predict/${encodeURIComponent(module)}`;
    this.#headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    // Browsers refuse a fetch that is called as a method of another object.
    this.#sending = { fetch: fetch ?? ((...request) => globalThis.fetch(...request)), retries };
  }

  /**
   * Reads pictures, PDF and TIFF files: a document for each file, in their order.
   *
   * @throws OcrhubError, and the reason of the signal
   */
  async read(file: FileInput | readonly FileInput[], options: ReadOptions = {}): Promise<readonly OcrDocument[]> {
    return this.#post(formOf(filesOf(file), 'json', options), options, takeDocuments);
  }

  /**
   * Reads files and returns what the server writes in a format: a string, or bytes for "pdf", "docx", "png" and "page".
   * The bytes of "png" and "page" are a ZIP archive if there are several pages.
   *
   * @throws OcrhubError, and the reason of the signal
   */
  async readAs<F extends FormatName>(
    format: F,
    file: FileInput | readonly FileInput[],
    options: ReadOptions = {},
  ): Promise<FormatResult<F>> {
    const take = isBinary(format)
      ? async (response: Response) => new Uint8Array(await response.arrayBuffer())
      : (response: Response) => response.text();
    const result = await this.#post<string | Uint8Array>(formOf(filesOf(file), format, options), options, take);
    return result as FormatResult<F>;
  }

  /**
   * HubServing's call, for every module. `R` is the type of `results`.
   *
   * @param images - picture files, or their base64
   * @throws OcrhubError, and the reason of the signal
   */
  async predict<R = readonly (readonly OcrLine[])[]>(
    images: readonly (FileInput | string)[],
    fields: Fields = {},
    options: RequestOptions = {},
  ): Promise<Envelope<R>> {
    return this.#post<Envelope<R>>(await jsonOf(images, fields), options, takeEnvelope);
  }

  /** @throws OcrhubError, and the reason of the signal */
  async health({ signal }: RequestOptions = {}): Promise<Health> {
    return send(`${this.#base}/health`, { signal: signal ?? null }, this.#sending, takeHealth);
  }

  /**
   * Whether the server answers requests now. It is false while the server starts or stops.
   *
   * @throws OcrhubError if no server of ocrhub answers, and the reason of the signal
   */
  async ready({ signal }: RequestOptions = {}): Promise<boolean> {
    return (await this.health({ signal })).status === 'ready';
  }

  #post<T>(body: string | FormData, { signal }: RequestOptions, take: (response: Response) => Promise<T>): Promise<T> {
    // fetch names the type of a form itself, with its boundary.
    const type = typeof body === 'string' ? { 'Content-Type': 'application/json' } : {};
    const init = { method: 'POST', body, headers: { ...this.#headers, ...type }, signal: signal ?? null };
    return send(this.#predictUrl, init, this.#sending, take);
  }
}

function checkServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isServer = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (isServer && !/\/predict(\/|$)/.test(url.pathname)) return text.replace(/\/+$/, '');
  throw new TypeError(`Expected the address of a server such as http://127.0.0.1:8868, got ${JSON.stringify(text)}`);
}

function filesOf(file: FileInput | readonly FileInput[]): readonly FileInput[] {
  const files = Array.isArray(file) ? (file as readonly FileInput[]) : [file as FileInput];
  if (files.length === 0) throw new TypeError('Expected at least one file, got none');
  return files;
}
