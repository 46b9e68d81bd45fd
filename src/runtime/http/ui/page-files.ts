import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip as gzipWithCallback } from 'node:zlib';
import { packageRoot } from '../../package.js';

const gzip = promisify(gzipWithCallback);

export interface PageFile {
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  /** Whether the name of the file changes with its content. */
  readonly isHashed: boolean;
  readonly bytes: Buffer;
  readonly gzip: Buffer;
}

/** The files of the page by their names, as the build wrote them. A request names a file of this list, and no path. */
export function loadPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  loading ??= readFolder(path.join(packageRoot, 'dist', 'page'));
  // The next request tries again.
  loading.catch(() => (loading = undefined));
  return loading;
}

let loading: Promise<ReadonlyMap<string, PageFile>> | undefined;

async function readFolder(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const names = (await readdir(folder)).filter((name) => path.extname(name) in contentTypes);
  return new Map(await Promise.all(names.map(async (name) => [name, await readPageFile(folder, name)] as const)));
}

async function readPageFile(folder: string, name: string): Promise<PageFile> {
  const bytes = await readFile(path.join(folder, name));
  return {
    contentType: contentTypes[path.extname(name) as keyof typeof contentTypes],
    // Weak, because the gzipped body has other bytes.
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    isHashed: /-[A-Z0-9]{8}\.\w+$/.test(name),
    bytes,
    gzip: await gzip(bytes, { level: 9 }),
  };
}

const contentTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
} as const;
