/** What all protocols of a server share. */
export interface HttpOptions {
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Requests with pictures must carry `Authorization: Bearer <token>`; undefined: no token is needed. */
  readonly token: () => string | undefined;
  /** Seconds in which a request is answered. */
  readonly timeout: number;
  /** Patterns of the hosts from which files are fetched; empty: none is. */
  readonly allowUrls: readonly string[];
  /** Whether `/ui/` has the page for people. */
  readonly ui: boolean;
  /** The path below which all addresses are: `/ocr`; empty: none. */
  readonly basePath: string;
  /** Addresses and subnets of proxies whose headers about the client are believed. */
  readonly trustProxy: readonly string[];
}
