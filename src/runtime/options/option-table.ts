import { isPathPrefix } from '../addresses/path-prefix.js';
import { isSubnet } from '../addresses/subnet.js';
import { defaultMaxPixels } from '../image/max-pixels.js';
import { parseHostPattern } from '../addresses/host-pattern.js';
import { protocolNames } from '../service/protocol-names.js';
import { z } from '../values/check.js';
import { bodySize, size } from '../values/size.js';

/*
 * The options of a server, one row each. `serving start` makes flags from the rows, config-file.ts makes keys and their
 * JSON Schema, and serve-options.ts makes the options object. To add an option, add a row and read it where it is needed.
 */

export interface OptionRow {
  /** The allowed values. */
  readonly schema: z.ZodType;
  /** `schema` with the default, or optional. */
  readonly setting: z.ZodType;
  /** A sentence without capital and full stop. */
  readonly help: string;
  /** The default in words; undefined if there is none. */
  readonly defaultText: string | undefined;
  readonly flag: OptionFlag | null;
}

/** The flag of `serving start`, which has the option's name. */
export interface OptionFlag {
  readonly kind: 'integer' | 'number' | 'text' | 'boolean' | 'list';
  readonly char?: 'p';
  readonly helpValue?: string;
}

interface RowText {
  readonly help: string;
  readonly flag: OptionFlag | null;
}

function option<S extends z.ZodPrefault<z.ZodType>>(setting: S, { note = '', ...row }: RowText & { note?: string }) {
  return { schema: setting.unwrap(), setting, defaultText: `${String(setting.def.defaultValue)}${note}`, ...row };
}

function optionWithoutDefault<S extends z.ZodType>(schema: S, row: RowText & { defaultText?: string }) {
  return { schema, setting: schema.optional(), defaultText: undefined, ...row };
}

const hostPattern = z
  .string()
  .refine(
    (text) => parseHostPattern(text) !== undefined,
    'expected a host such as example.com, *.example.com or example.com:8443',
  );

const origin = z
  .string()
  .refine(isOrigin, 'expected an origin such as https://example.com or http://localhost:3000, or *');

/** Addresses have brackets in URLs alone. */
function isBare(host: string): boolean {
  return !host.startsWith('[');
}

/** A scheme and a host, as browsers write them: without a path, and without the default port. Apps have schemes of their own. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\/[^\s/?#@]+$/.exec(text) ?? [];
  if (scheme === 'http' || scheme === 'https') return URL.canParse(text) && new URL(text).origin === text;
  return scheme !== undefined;
}

const subnet = z.string().refine(isSubnet, 'expected an IP address such as 127.0.0.1, or a subnet such as 10.0.0.0/8');

/** A slash at the end makes no difference. */
const pathPrefix = z
  .string()
  .transform((text) => text.replace(/\/$/, ''))
  .refine((path) => path === '' || isPathPrefix(path), 'expected a path such as /ocr');

export const optionTable = {
  port: option(z.int().min(1).max(65535).prefault(8866), {
    help: 'port to listen on',
    flag: { kind: 'integer', char: 'p', helpValue: 'PORT' },
  }),
  use_multiprocess: option(z.boolean().prefault(false), {
    help: 'run several single-threaded inference processes instead of one that uses all cores',
    flag: { kind: 'boolean' },
  }),
  workers: optionWithoutDefault(z.int().min(1).max(1024), {
    defaultText: '2 x cores - 1',
    help: 'maximum concurrent tasks with use_multiprocess; at most one process per core',
    flag: { kind: 'integer' },
  }),
  use_gpu: option(z.boolean().prefault(false), {
    help: 'applies to all modules; needs CUDA_VISIBLE_DEVICES',
    flag: null,
  }),
  host: option(
    z.string().min(1).refine(isBare, 'an IPv6 address has no brackets here, as in ::1').prefault('127.0.0.1'),
    {
      note: ', this machine only',
      help: 'address to listen on',
      flag: { kind: 'text' },
    },
  ),
  max_queue: option(z.int().min(0).max(100_000).prefault(64), {
    help: 'maximum waiting requests; further ones get HTTP 429',
    flag: { kind: 'integer' },
  }),
  timeout: option(z.number().positive().max(86_400).prefault(60), {
    help: 'maximum seconds for a request, or for a page of a document; then it gets HTTP 504',
    flag: { kind: 'number' },
  }),
  max_body: option(bodySize.prefault('64MiB'), {
    help: 'maximum size of a request body, at most 511MiB',
    flag: { kind: 'text' },
  }),
  max_pixels: option(size.prefault(`${defaultMaxPixels / 1e6}MP`), {
    help: 'maximum size of a picture',
    flag: { kind: 'text' },
  }),
  max_pages: option(z.int().min(1).max(100_000).prefault(100), {
    help: 'maximum pages of the documents in a request',
    flag: { kind: 'integer' },
  }),
  max_memory: option(size.prefault('1.5GiB'), {
    help: 'memory use at which an inference process is replaced',
    flag: { kind: 'text' },
  }),
  max_tasks: option(z.int().min(0).prefault(0), {
    note: ', never',
    help: 'number of tasks after which an inference process is replaced',
    flag: { kind: 'integer' },
  }),
  grace: option(z.number().min(0).max(86_400).prefault(30), {
    help: 'seconds to wait for work in progress when stopping',
    flag: { kind: 'number' },
  }),
  token_file: optionWithoutDefault(z.string().min(1), {
    help: 'file with tokens, one a line, of which requests must send one; or set OCRHUB_TOKEN',
    flag: { kind: 'text' },
  }),
  cert: optionWithoutDefault(z.string().min(1), {
    help: 'file with the certificate of the server as PEM, and those of its issuers behind it: serves HTTPS; needs --key',
    flag: { kind: 'text', helpValue: 'FILE' },
  }),
  key: optionWithoutDefault(z.string().min(1), {
    help: 'file with the private key of --cert as PEM',
    flag: { kind: 'text', helpValue: 'FILE' },
  }),
  allowed_hosts: option(z.array(hostPattern).prefault([]), {
    note: 'none',
    help: 'names under which the server is asked, beside localhost and its own address, such as ocr.example.com; a server on 127.0.0.1 refuses all others',
    flag: { kind: 'list', helpValue: 'HOST' },
  }),
  cors: option(
    z
      .array(origin)
      .refine(
        (origins) => !origins.includes('*') || origins.length === 1,
        '* stands for all origins; leave the others out',
      )
      .prefault([]),
    {
      note: 'none',
      help: 'origins of web pages that may ask the server, such as https://example.com; * for the pages of everybody',
      flag: { kind: 'list', helpValue: 'ORIGIN' },
    },
  ),
  allow_urls: option(z.array(hostPattern).prefault([]), {
    note: 'none',
    help: 'hosts from which requests may have files fetched ("urls"), such as example.com *.example.com example.com:8443',
    flag: { kind: 'list', helpValue: 'HOST' },
  }),
  base_path: option(pathPrefix.prefault('/'), {
    help: 'path below which all addresses of the server are, such as /ocr for /ocr/predict/NAME',
    flag: { kind: 'text', helpValue: 'PATH' },
  }),
  trust_proxy: option(z.array(subnet).prefault([]), {
    note: 'none',
    help: 'addresses or subnets of proxies that say how the client reached them (X-Forwarded-For, -Proto, -Host, -Prefix, or Forwarded)',
    flag: { kind: 'list', helpValue: 'ADDRESS' },
  }),
  protocols: option(
    z
      .array(z.enum(protocolNames))
      .min(1)
      .prefault([...protocolNames]),
    {
      help: 'forms of requests that are answered',
      flag: { kind: 'list', helpValue: 'NAME' },
    },
  ),
  store: optionWithoutDefault(z.string().min(1), {
    defaultText: 'the home folder, for this port',
    help: 'where jobs, their results and uploaded files are kept: a folder that servers share, or s3://BUCKET/PREFIX; each of them answers for all',
    flag: { kind: 'text', helpValue: 'PLACE' },
  }),
  queue: optionWithoutDefault(z.string().min(1), {
    defaultText: 'none',
    help: 'a queue in Redis or PostgreSQL, by which servers with one --store give each other the jobs that wait: redis://HOST/QUEUE or postgres://USER@HOST/DATABASE?queue=QUEUE',
    flag: { kind: 'text', helpValue: 'URL' },
  }),
  keep_jobs: option(z.number().min(1).max(31_536_000).prefault(86_400), {
    help: 'seconds for which jobs, their results and uploaded files are kept',
    flag: { kind: 'number' },
  }),
  max_jobs: option(z.int().min(1).max(100_000).prefault(1000), {
    help: 'maximum kept jobs and files; the oldest finished ones give way, further ones get HTTP 429',
    flag: { kind: 'integer' },
  }),
  max_jobs_size: option(size.prefault('1GiB'), {
    help: 'maximum size of all kept jobs and files',
    flag: { kind: 'text' },
  }),
  no_ui: option(z.boolean().prefault(false), {
    help: 'serve no page for people at /ui/',
    flag: { kind: 'boolean' },
  }),
  http_status_200: option(z.boolean().prefault(false), {
    help: 'answer errors with HTTP 200 too, as HubServing does; "status" in the body has the code',
    flag: { kind: 'boolean' },
  }),
  allow_partial: option(z.boolean().prefault(false), {
    help: 'serve the other modules if one fails to load',
    flag: { kind: 'boolean' },
  }),
} satisfies Record<string, OptionRow>;

type OptionTable = typeof optionTable;

/** The name of an option's flag and of its key in a config file. */
export type OptionName = keyof OptionTable;

export const optionRows: readonly (readonly [OptionName, OptionRow])[] = optionNames().map((name) => [
  name,
  optionTable[name],
]);

function optionNames(): OptionName[] {
  return Object.keys(optionTable) as OptionName[];
}

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type OptionShape = { readonly [Name in OptionName as CamelCase<Name>]: OptionTable[Name]['setting'] };

/** The options by their names in code, such as `maxQueue`. */
export const optionShape = Object.fromEntries(
  optionRows.map(([name, { setting }]) => [camelCase(name), setting]),
) as OptionShape;

/** Renames every key, such as `max_queue` to `maxQueue`. */
export function toCamelCase(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
