import type { Request } from 'express';
import type { Files, KeptFile } from '../../../jobs/files.js';
import { OcrHubError } from '../../../errors/error.js';
import { check, z } from '../../../values/check.js';
import { formBody } from '../../body/read-body.js';
import type { Reply, Resource } from '../../protocol.js';
import { publicAddress } from '../../public-address.js';
import { fileOf } from '../lines/file.js';
import { readFormRequest } from '../lines/form-request.js';
import { json } from './answer.js';
import { findFile, hasExpired, protocolName, signedFile, signedPath, type FileData } from './kept-files.js';
import { hoursOf, uploadOf } from './request.js';

const path = '/v1/files';
const uploadForm = 'a form with "purpose" and the file "file"';

/** Uploaded files: upload, list, look up, address for a while, content, removal. */
export function fileResources(files: Files): Resource[] {
  return [
    {
      method: 'post',
      path,
      bodyTypes: [formBody],
      answer: (request, body, token) => upload(request, body, { files, token }),
    },
    { method: 'get', path, answer: (request, _body, token) => list(request, { files, token }) },
    { method: 'get', path: `${path}/:id`, answer: async (request) => json(toFile(await fileAt(request, files))) },
    {
      method: 'delete',
      path: `${path}/:id`,
      async answer(request) {
        const { id } = await fileAt(request, files);
        await files.remove(id, protocolName);
        return json({ id, object: 'file', deleted: true });
      },
    },
    {
      method: 'get',
      path: `${path}/:id/content`,
      answer: async (request) => toContent(await fileAt(request, files), files),
    },
    {
      method: 'get',
      path: `${path}/:id/url`,
      async answer(request) {
        const file = await fileAt(request, files);
        const expires = Math.floor(Date.now() / 1000 + hoursOf(request) * 3600);
        return json({ url: `${publicAddress(request)}${signedPath(file, expires)}` });
      },
    },
    {
      method: 'get',
      path: `${path}/:id/signed/:expires/:signature`,
      isOpen: true,
      async answer(request) {
        const file = await signedFile(request.path, files);
        if (file === undefined)
          throw new OcrHubError('job_unknown', { what: 'file', id: String(request.params['id']) });
        return toContent(file, files);
      },
    },
  ];
}

interface Owned {
  readonly files: Files;
  /** The name of the token of the request. */
  readonly token: string | undefined;
}

async function upload(request: Request, body: Uint8Array, { files, token }: Owned): Promise<Reply> {
  const form = await readFormRequest(body, request, uploadForm);
  const { visibility, expiry } = uploadOf(form);
  const { name, bytes } = fileOf(form, 'file', uploadForm);
  const expiresAt = expiry === undefined ? undefined : Math.floor(Date.now() / 1000) + expiry * 3600;
  const data: FileData = { visibility, expiresAt };
  return json(toFile(await files.add(bytes, { protocol: protocolName, token, name, data })));
}

const listQuery = z.strictObject({
  page: z.coerce.number('expected a number from 0').int().min(0).default(0),
  page_size: z.coerce.number('expected a number from 1 to 1000').int().min(1).max(1000).default(100),
  include_total: z.enum(['true', 'false'], 'expected true or false').default('true'),
  purpose: z.literal('ocr', 'expected ocr').optional(),
});

async function list(request: Request, { files, token }: Owned): Promise<Reply> {
  const query = check(listQuery, request.query, 'The query', { noun: 'parameter' });
  const all = (await files.findAll({ protocol: protocolName, token })).filter((file) => !hasExpired(file));
  const sorted = all.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const start = query.page * query.page_size;
  const data = sorted.slice(start, start + query.page_size).map(toFile);
  return json({ object: 'list', data, ...(query.include_total === 'true' ? { total: all.length } : {}) });
}

function fileAt({ params }: Request, files: Files): Promise<KeptFile> {
  return findFile(String(params['id']), files);
}

function toFile({ id, name, bytes, createdAt, data }: KeptFile): object {
  const { visibility = null, expiresAt = null } = data as FileData;
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAt.getTime() / 1000),
    filename: name,
    purpose: 'ocr',
    sample_type: 'ocr_input',
    source: 'upload',
    num_lines: null,
    mimetype: null,
    signature: null,
    deleted: false,
    expires_at: expiresAt,
    visibility,
  };
}

/** As a download: a browser must not show what somebody uploaded as a page of the server. */
async function toContent(file: KeptFile, files: Files): Promise<Reply> {
  const headers = { 'Content-Disposition': 'attachment', 'X-Content-Type-Options': 'nosniff' };
  const body = await files.contentOf(file);
  return { http: 200, headers, contentType: 'application/octet-stream', body, status: '200', message: '' };
}
