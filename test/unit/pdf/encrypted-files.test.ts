import { describe, expect, it } from 'vitest';
import { openDocument } from '../../../src/runtime/document/open.js';
import { writeSearchablePdf } from '../../../src/runtime/document/searchable-pdf/write.js';
import { OcrHubError } from '../../../src/runtime/errors/error.js';
import { brokenEncryption, encryptedPdf, ways } from '../../helpers/hostile-pdf/encryption.js';
import { plainPage } from '../../helpers/plain-pdf.js';

/** The words of the first page, or the error's code. */
async function words(bytes: Uint8Array, password?: string): Promise<string> {
  try {
    const file = await openDocument(bytes, { password });
    try {
      return (
        file
          .textOf(1)
          ?.lines.map(({ text }) => text)
          .join(' ') ?? ''
      );
    } finally {
      file.close();
    }
  } catch (error) {
    expect(OcrHubError.of(error).hint).not.toBe('');
    return OcrHubError.of(error).code;
  }
}

/** Those of the searchable file that is written of it, which is not encrypted. */
async function rewritten(bytes: Uint8Array, password?: string): Promise<string> {
  return words(await writeSearchablePdf([{ name: 'a.pdf', bytes, password, pages: [] }]));
}

describe.each(ways)('a file that is encrypted with %s', (way) => {
  it('has its words with each of its passwords, and an error without', async () => {
    const file = encryptedPdf(way, { user: 'user', owner: 'owner' });
    expect(await words(file)).toBe('pdf_password_missing');
    expect(await words(file, 'wrong')).toBe('pdf_password_wrong');
    for (const password of ['user', 'owner']) {
      expect(await words(file, password)).toBe('Hello secret');
      expect(await rewritten(file, password)).toBe('Hello secret');
    }
  });

  it('has its words without a password, and with one for other files, if only its owner has one', async () => {
    const file = encryptedPdf(way, { user: '', owner: 'owner' });
    for (const password of [undefined, 'owner', 'of other files']) {
      expect(await words(file, password)).toBe('Hello secret');
      expect(await rewritten(file, password)).toBe('Hello secret');
    }
  });
});

it.each(brokenEncryption)(
  'a file that is $name is refused as that, and is not an empty page',
  async ({ make, code }) => {
    const file = make();
    for (const password of [undefined, 'owner']) expect(await words(file, password)).toMatch(code);
  },
);

it.each(ways)('a blank page of a file that is encrypted with %s is an empty page', async (way) => {
  const blank = edited(encryptedPdf(way, { user: 'user', owner: 'owner' }), '/Contents 4 0 R', '');
  for (const password of ['user', 'owner']) expect(await words(blank, password)).toBe('');
});

it.each(['/EncryptMetadata false', '/EncryptedPayload 1 0 R', '/EncryptX 5'])(
  'a blank page of a file that is not encrypted and has %s is an empty page',
  async (entry) => {
    expect(await words(edited(plainPage({ content: '' }), '/Root', `${entry} /Root`))).toBe('');
  },
);

describe('the newest trailer tells whether a file is encrypted', () => {
  const table = 'xref\n0 1\n0000000000 65535 f \ntrailer\n';
  /** A file without words that has two trailers in their places. */
  const updated = (older: string, newer: string): Buffer => {
    const file = edited(plainPage({ content: '' }), /trailer[^]*/, '');
    const first = `${table}<< /Size 5 /Root 1 0 R ${older} >>\nstartxref\n${file.length}\n%%EOF\n`;
    const second = `${table}<< /Size 5 /Root 1 0 R ${newer} >>\nstartxref\n${file.length + first.length}\n%%EOF\n`;
    return Buffer.concat([file, Buffer.from(first + second)]);
  };

  it.each([
    ['/Encrypt 99 0 R', '', ''],
    ['', '/Encrypt 99 0 R', 'pdf_encryption_unknown'],
    ['', '/Encrypt<</Filter/Standard>>', 'pdf_encryption_unknown|pdf_password_missing'],
  ])('with "%s" and then "%s": "%s"', async (older, newer, code) => {
    expect(await words(updated(older, newer))).toMatch(new RegExp(`^(${code})$`));
  });
});

/** A file with another text in one place. */
function edited(file: Buffer, from: string | RegExp, to: string): Buffer {
  return Buffer.from(file.toString('latin1').replace(from, to), 'latin1');
}

it('an empty page of a file that is not encrypted is an empty page', async () => {
  expect(await words(plainPage({ content: '' }))).toBe('');
});
