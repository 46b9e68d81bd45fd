import { OcrHubError } from '../errors/error.js';

/** A queue in a broker, as `--queue` names it. */
export interface QueuePlace {
  readonly broker: 'redis' | 'postgres';
  /** The name of the queue in the broker. */
  readonly queue: string;
  /** As messages show it: without user and password. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** Whether the connection is encrypted, and the certificate of the broker checked. */
  readonly isEncrypted: boolean;
}

const schemes = {
  'redis:': { broker: 'redis', port: 6379, isEncrypted: false },
  'rediss:': { broker: 'redis', port: 6379, isEncrypted: true },
  'postgres:': { broker: 'postgres', port: 5432, isEncrypted: false },
  'postgresql:': { broker: 'postgres', port: 5432, isEncrypted: false },
} as const;

const defaultQueue = 'ocrhub';

const expected =
  'expected redis://HOST:PORT/QUEUE, rediss://HOST:PORT/QUEUE or postgres://USER@HOST:PORT/DATABASE?queue=QUEUE';

/**
 * The path of a Redis URL is a queue, or the number of a database as other programs write it. `?queue=NAME` names the queue of
 * any URL; `?sslmode=require` encrypts a connection to PostgreSQL.
 *
 * @param password for a URL without one, so that the list of processes need not show it
 * @throws OcrHubError `value_invalid`, whose message has no password
 * @example
 * parseQueueUrl('redis://host/scans').queue; // 'scans'
 */
export function parseQueueUrl(text: string, password?: string): QueuePlace {
  const url = parse(text);
  const scheme = url === undefined ? undefined : schemes[url.protocol as keyof typeof schemes];
  if (url === undefined || scheme === undefined || url.hostname === '') throw refuse(text, expected);
  const { broker } = scheme;
  const [path, ...others] = url.pathname.split('/').filter((part) => part !== '');
  const { queue, sslmode, ...unknown }: Record<string, string | undefined> = Object.fromEntries(url.searchParams);
  const [option] = Object.keys(unknown);
  if (option !== undefined) throw refuse(text, `the option ${option} is unknown; queue and sslmode are known`);
  if (others.length > 0) throw refuse(text, expected);
  const isDatabase = broker === 'postgres' || (path !== undefined && /^\d+$/.test(path));
  const named = queue ?? (isDatabase ? undefined : path) ?? defaultQueue;
  if (!/^[\w.-]{1,64}$/.test(named)) throw refuse(text, 'the name of a queue has letters, digits, "_", "-" and "."');
  if (queue !== undefined && path !== undefined && !isDatabase)
    throw refuse(text, `it names two queues, ${path} and ${queue}`);
  const decode = (part: string): string => decoded(part, text);
  const database = isDatabase && path !== undefined ? decode(path) : undefined;
  const port = url.port === '' ? scheme.port : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const shown = [url.host, ...(isDatabase && path !== undefined ? [path] : []), named].join('/');
  return {
    broker,
    queue: named,
    name: `${url.protocol}//${shown}`,
    host,
    port,
    user: url.username === '' ? undefined : decode(url.username),
    password: url.password === '' ? password : decode(url.password),
    database,
    isEncrypted: scheme.isEncrypted || (sslmode !== undefined && sslmode !== 'disable'),
  };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decoded(part: string, text: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw refuse(text, 'write "%" as %25 in a user, a password or a database');
  }
}

/** The message shows what the user typed without what stands before "@" and after "?": passwords stand in both. */
function refuse(text: string, problem: string): OcrHubError {
  const value = text.replace(/\?.*$/s, '').replace(/^([^/]*\/\/)?.*@/, '$1');
  return new OcrHubError('value_invalid', { subject: '--queue', key: '', value, problem });
}
