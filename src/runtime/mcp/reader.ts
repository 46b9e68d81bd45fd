/** What reads the files of a tool call: the module in this process, or a server. */
export interface Reader {
  /**
   * Reads a file and writes it in a format: text, Markdown, or the JSON of docs/formats.md.
   *
   * @throws OcrHubError, or the error of the client of a server; the reason of the signal
   */
  read(file: NamedFile, request: ReadRequest): Promise<string>;
  /** The modules that read, with the parameters of a request. */
  modules(): Promise<object>;
}

export interface NamedFile {
  /** Without folders; may be empty. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReadRequest {
  readonly format: 'text' | 'markdown' | 'json';
  readonly pages: string | undefined;
  readonly password: string | undefined;
  /** Fields of the module. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Called before each page, if pages are read one by one. */
  readonly onPage: (done: number, total: number) => void;
}
