import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3 server in memory, as far as runs need one. */
export interface BucketServer {
  readonly url: string;
  readonly objects: Map<string, StoredObject>;
  /** Whether it answers conditional writes with success and ignores their condition, as some servers do. */
  ignoresConditions: boolean;
  /** Whether each write gives an object another tag, as with keys of a service (SSE-KMS), and not the MD5 of its content. */
  hasOwnTags: boolean;
  /** The requests so far. */
  requests: number;
  /** While true, each request is answered with 503. */
  isAway: boolean;
  close(): Promise<void>;
}

interface StoredObject {
  readonly content: Buffer;
  readonly tag: string;
  modified: Date;
}

const keysOfPage = 3;

export async function startBucketServer(): Promise<BucketServer> {
  const objects = new Map<string, StoredObject>();
  const server = createServer((request, response) => {
    void answer(bucket, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bucket: BucketServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    ignoresConditions: false,
    hasOwnTags: false,
    requests: 0,
    isAway: false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return bucket;
}

async function answer(bucket: BucketServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', bucket.url);
  const key = decodeURIComponent(pathname).split('/').slice(2).join('/');
  const content = await bodyOf(request);
  const end = (status: number, body: string | Buffer = '', headers = {}): void => {
    response.writeHead(status, { Date: new Date().toUTCString(), ...headers }).end(body);
  };
  const existing = bucket.objects.get(key);
  bucket.requests++;
  if (bucket.isAway) {
    end(503);
    return;
  }
  if (searchParams.get('list-type') === '2') {
    end(200, listOf(bucket, searchParams));
    return;
  }
  if (request.method === 'PUT') {
    const { 'if-none-match': none, 'if-match': match } = request.headers;
    const isMet = (none === undefined || existing === undefined) && (match === undefined || match === existing?.tag);
    if (!isMet && !bucket.ignoresConditions) {
      end(match !== undefined && existing === undefined ? 404 : 412);
      return;
    }
    const tag = `"${bucket.hasOwnTags ? randomUUID() : createHash('md5').update(content).digest('hex')}"`;
    bucket.objects.set(key, { content, tag, modified: new Date() });
    end(200, '', { ETag: tag });
    return;
  }
  if (request.method === 'DELETE') {
    bucket.objects.delete(key);
    end(204);
    return;
  }
  if (existing === undefined) {
    end(404, '<Error><Code>NoSuchKey</Code></Error>');
    return;
  }
  const headers = {
    ETag: existing.tag,
    'Last-Modified': existing.modified.toUTCString(),
    'Content-Length': existing.content.length,
  };
  end(200, request.method === 'HEAD' ? '' : existing.content, headers);
}

function listOf({ objects }: BucketServer, parameters: URLSearchParams): string {
  const prefix = parameters.get('prefix') ?? '';
  const after = parameters.get('continuation-token') ?? '';
  const isDeep = parameters.get('delimiter') === null;
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && key > after && (isDeep || !key.slice(prefix.length).includes('/')))
    .sort();
  const page = keys.slice(0, keysOfPage);
  const isCut = keys.length > page.length;
  const contents = page.map((key) => {
    const { tag = '', content, modified } = objects.get(key) ?? {};
    const about = `<Size>${content?.length ?? 0}</Size><LastModified>${modified?.toISOString() ?? ''}</LastModified>`;
    return `<Contents><Key>${key}</Key><ETag>${tag}</ETag>${about}</Contents>`;
  });
  const next = isCut ? `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>` : '';
  return `<ListBucketResult><IsTruncated>${isCut}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding']?.includes('aws-chunked') === true ? withoutChunks(body) : body;
}

/** The AWS SDK sends a body in chunks with a checksum after it. */
function withoutChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    if (size === 0 || Number.isNaN(size)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
