import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { writeDocuments, writePreviews } from '../../src/runtime/document/formats/formats.js';
import { toPage } from '../../src/runtime/document/page.js';
import { createApp } from '../../src/runtime/http/app.js';
import type { HttpOptions } from '../../src/runtime/http/http-options.js';
import { createProtocols } from '../../src/runtime/http/protocols/create-protocols.js';
import { Files } from '../../src/runtime/jobs/files.js';
import { FolderStore } from '../../src/runtime/jobs/folder-store.js';
import type { StoreLimits } from '../../src/runtime/jobs/store-limits.js';
import { Jobs } from '../../src/runtime/jobs/jobs.js';
import { systemParams } from '../../src/runtime/ocr/params.js';
import type {
  AnsweredFile,
  Health,
  RequestRecord,
  Service,
  ServiceDescription,
  ServiceRequest,
} from '../../src/runtime/service/contract.js';
import { protocolNames, type ProtocolName } from '../../src/runtime/service/protocol-names.js';
import { noTime } from '../../src/runtime/trace/stage-times.js';
import { httpOptions as listenerOptions } from '../../src/runtime/server/listener.js';
import { httpOptions, tokensOf } from './http-options.js';
import { toObjectSchema } from '../../src/runtime/values/to-json-schema.js';

/** One line, as the notes on each protocol show it. */
export const helloLine = {
  confidence: 0.99,
  text: 'Hello ocrhub',
  text_region: [
    [10, 10],
    [90, 10],
    [90, 30],
    [10, 30],
  ],
};

export interface LinesServer {
  readonly url: string;
  readonly requests: ServiceRequest[];
  readonly records: RequestRecord[];
  /** The messages of refused requests in the log. */
  readonly refusals: string[];
}

interface Options {
  /** The entries of the pages of the only file; default: a page with `helloLine`. */
  readonly pages?: readonly (readonly unknown[])[];
  readonly kind?: AnsweredFile['kind'];
  readonly routes?: readonly string[];
  readonly token?: string;
  readonly allowUrls?: readonly string[];
  /** Default: all. */
  readonly protocols?: readonly ProtocolName[];
  readonly status?: Health['status'];
  /** Throws in place of an answer. */
  readonly fail?: () => never;
  /** Other options of the HTTP side. */
  readonly http?: Partial<HttpOptions>;
  /** Of the jobs and files. */
  readonly limits?: Partial<StoreLimits>;
}

/** All protocols on one port, with a service that answers each request with the same lines. */
export async function startLinesServer(options: Options = {}): Promise<LinesServer> {
  const {
    pages = [[helloLine]],
    kind = 'picture',
    routes = ['ocr_system'],
    token,
    allowUrls = [],
    protocols = protocolNames,
    status = 'ready',
    fail,
    http = {},
    limits,
  } = options;
  const requests: ServiceRequest[] = [];
  const records: RequestRecord[] = [];
  const refusals: string[] = [];
  const service: Partial<Service> = {
    has: (route) => routes.includes(route),
    admit: () => undefined,
    checkFields: () => undefined,
    async predict(request) {
      requests.push(request);
      fail?.();
      const [file] = request.files;
      const size = { width: 100, height: 40 };
      const answered = pages.map((entry, i) => ({ number: i + 1, ...size, entry: JSON.stringify(entry) }));
      const read = pages.flatMap((entry, i) => {
        const page = toPage(size, entry);
        return page === undefined ? [] : [{ ...page, number: i + 1 }];
      });
      const documents = [{ name: '', bytes: file?.bytes ?? new Uint8Array(), pages: read }];
      const { output } = request;
      const written =
        output === undefined
          ? undefined
          : output.format === 'previews'
            ? await writePreviews(documents, {})
            : await writeDocuments(output.format, documents, output);
      const files = [{ kind, pages: answered }];
      const results = { kind: 'entries', entries: [JSON.stringify(pages[0])], nested: false } as const;
      return { results, files, output: written, unreadable: [], queueMs: 3, stages: noTime() };
    },
    health: () => ({ version: '1.0.0', status }) as Health,
    describe: () => routes.map(descriptionOf),
    observe: (record) => void records.push({ ...record }),
    noteRefusal: ({ message }) => void refusals.push(message),
  };
  const home = await mkdtemp(path.join(tmpdir(), 'ocrhub-lines-'));
  const store = new FolderStore(path.join(home, 'jobs'), { keepMs: 60_000, maxItems: 100, maxBytes: 1e7, ...limits });
  const jobs = new Jobs(store, service as Service, { port: 1, isShared: false, processes: 1 });
  onTestFinished(async () => {
    jobs.stop();
    await jobs.idle();
    await rm(home, { recursive: true, force: true });
  });
  const own = createProtocols({ httpStatus200: false, allowUrls, protocols, jobs, files: new Files(store) });
  const app = createApp(service as Service, own, httpOptions({ allowUrls, tokens: () => tokensOf(token), ...http }));
  const server = createServer(listenerOptions(1e6), app);
  // As the listener of a server does.
  server.on('checkExpectation', (request, response) => {
    app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, records, refusals };
}

const { properties } = toObjectSchema(systemParams);

function descriptionOf(route: string): ServiceDescription {
  return { route, version: '1.0.0', summary: '', fields: { type: 'object', properties, required: [] } };
}
