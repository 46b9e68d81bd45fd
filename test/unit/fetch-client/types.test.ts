import { expectTypeOf, it } from 'vitest';
import type { FormatName as ServerFormatName } from '../../../src/runtime/document/formats/formats.js';
import type { Page, PageLine } from '../../../src/runtime/document/page.js';
import type {
  Envelope,
  FormatName,
  FormatResult,
  Health,
  OcrDocument,
  OcrhubClient,
  OcrLine,
  OcrPage,
} from '../../../src/runtime/fetch-client/index.js';
import type { Health as ServerHealth } from '../../../src/runtime/service/contract.js';

it('the pages and lines of the client are those of the server', () => {
  expectTypeOf<Page>().toExtend<Omit<OcrPage, 'page' | 'dpi'>>();
  expectTypeOf<keyof Page>().toExtend<keyof OcrPage>();
  expectTypeOf<PageLine>().toExtend<OcrLine>();
  expectTypeOf<keyof OcrLine>().toEqualTypeOf<keyof PageLine>();
  expectTypeOf<ServerHealth>().toExtend<Health>();
});

it('read returns documents, predict the envelope, and readAs text or bytes by the format', () => {
  expectTypeOf<OcrhubClient['read']>().returns.resolves.toEqualTypeOf<readonly OcrDocument[]>();
  expectTypeOf<FormatResult<'hocr'>>().toEqualTypeOf<string>();
  expectTypeOf<FormatResult<'pdf'>>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
  expectTypeOf<Envelope['results']>().toEqualTypeOf<readonly (readonly OcrLine[])[]>();
  expectTypeOf<OcrhubClient['predict']>().returns.resolves.toEqualTypeOf<Envelope<unknown>>();
});

it('readAs has every format of the server except json', () => {
  expectTypeOf<Exclude<ServerFormatName, 'json'>>().toExtend<FormatName>();
});

it('read takes blobs and bytes, and readAs the formats of the server except json', () => {
  expectTypeOf<Blob | File | Uint8Array | ArrayBuffer | Buffer | Blob[]>().toExtend<
    Parameters<OcrhubClient['read']>[0]
  >();
  expectTypeOf<string>().not.toExtend<Parameters<OcrhubClient['read']>[0]>();
  expectTypeOf<'json'>().not.toExtend<Parameters<OcrhubClient['readAs']>[0]>();
});
