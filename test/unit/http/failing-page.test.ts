import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src/runtime/http/app.js';
import type { Refusal, Service } from '../../../src/runtime/service/contract.js';
import { httpOptions } from '../../helpers/http-options.js';
import { send } from '../../helpers/http.js';
import { plainProtocol } from '../../helpers/plain-protocol.js';

it.each(['', '/ocr'])(
  'an answer that fails after its begin is cut off, and is noted once (base path "%s")',
  async (basePath) => {
    const pages = Router();
    pages.get('/late', (_request, response) => {
      response.write('begin');
      throw new Error('later');
    });
    const refusals: Refusal[] = [];
    const service = { noteRefusal: (refusal) => void refusals.push(refusal) } as Partial<Service> as Service;
    const server = createServer(
      createApp(service, [{ ...plainProtocol(), pages: () => pages }], httpOptions({ basePath })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(send(`http://127.0.0.1:${port}${basePath}/late`)).rejects.toThrow();
    expect(refusals).toMatchObject([{ httpStatus: 500 }]);
  },
);
