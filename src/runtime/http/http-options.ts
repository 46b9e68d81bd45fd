import type { Token } from './access/access-check.js';
import type { HostOptions } from './access/host-check.js';

/** What all protocols of a server share. */
export interface HttpOptions extends HostOptions {
  /** Largest request body in bytes. */
  readonly maxBody: number;
  /** Requests with pictures must carry one of these; empty: none is needed. */
  readonly tokens: () => readonly Token[];
  /** Origins whose pages may ask this server: `https://example.com`, or `*` for all. */
  readonly cors: readonly string[];
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
