import { createCipheriv, createHash, type BinaryLike } from 'node:crypto';
import { pdfStream, plainPdf } from '../plain-pdf.js';
import { catalog, onePage, times, type HostilePdf } from './hostile-pdf.js';

/*
 * Encrypted PDF files, and files whose `/Encrypt` lies. ISO 32000-1, 7.6, describes revisions 2 to 4, and Adobe's supplement to
 * ISO 32000, extension level 3, revision 5.
 */

export const ways = ['rc4-40', 'rc4-128', 'aes-128', 'aes-256'] as const;

export interface Passwords {
  readonly user: string;
  readonly owner: string;
}

/** What a file is made of before it is written. */
export interface EncryptedParts {
  /** The value of `/Encrypt` in the trailer. */
  readonly reference: string;
  /** The dictionary to which it leads. */
  readonly dictionary: string;
  readonly id: string;
}

/**
 * A file of one page with the words "Hello secret".
 *
 * @param change of what stands in the file
 */
export function encryptedPdf(
  way: (typeof ways)[number],
  passwords: Passwords,
  change: (parts: EncryptedParts) => Partial<EncryptedParts> = () => ({}),
): Buffer {
  const { dictionary, encrypt } = way === 'aes-256' ? revision5(passwords) : upToRevision4(way, passwords);
  const parts = { reference: '6 0 R', dictionary, id: `/ID [${hex(fileId)} ${hex(fileId)}]` };
  const used = { ...parts, ...change(parts) };
  const content = encrypt(Buffer.from('BT /F0 18 Tf 20 40 Td (Hello secret) Tj ET'), 4).toString('latin1');
  const file = plainPdf([
    catalog,
    onePage,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 216 100] /Resources << /Font << /F0 5 0 R >> >> /Contents 4 0 R >>',
    pdfStream('', content),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    used.dictionary,
  ]).toString('latin1');
  return Buffer.from(file.replace('/Root 1 0 R', `/Root 1 0 R /Encrypt ${used.reference} ${used.id}`), 'latin1');
}

/** Files of which nothing can be read, whatever password is given, with the codes of the errors. */
export const brokenEncryption: readonly (HostilePdf & { readonly code: RegExp })[] = [
  broken('a public key', { from: '/Filter /Standard', to: '/Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5' }),
  broken('an unknown filter', { from: '/Filter /Standard', to: '/Filter /Mine' }),
  broken('no filter', { from: '/Filter /Standard', to: '' }),
  broken('an unknown method', { from: '/AESV2', to: '/XYZV2' }),
  broken('no method', { from: '/CFM /AESV2', to: '/CFM /None' }),
  lost('an encryption that is a number', '5'),
  lost('an encryption that is missing', '99 0 R'),
  lost('an encryption that is null', 'null'),
  lost('an encryption that is empty', '<< >>'),
  lost('an encryption that is the catalog', '1 0 R'),
  ...(['O', 'U'] as const).flatMap((key) => [
    damaged(`an empty ${key}`, new RegExp(`/${key} <[^>]*>`), `/${key} <>`),
    damaged(`no ${key}`, new RegExp(`/${key} <[^>]*>`), ''),
    damaged(`a ${key} of 4 MB`, new RegExp(`/${key} <[^>]*>`), `/${key} <${'41'.repeat(2e6)}>`),
    damaged(`a ${key} that is a name`, new RegExp(`/${key} <[^>]*>`), `/${key} /Name`),
  ]),
  ...['-1', '0', '(x)'].map((v) => damaged(`an algorithm ${v}`, /\/V 4/, `/V ${v}`)),
  ...['-1', '0', '9', '(x)'].map((r) => damaged(`a revision ${r}`, /\/R 4/, `/R ${r}`)),
  ...['0', '7', '-128', '999999999'].map((bits) =>
    damaged(`a key of ${bits} bits`, /\/Length 128/, `/Length ${bits}`, 'rc4-128'),
  ),
  { ...damaged('no identifier', /^$/, ''), make: () => encryptedPdf('aes-128', noUser, () => ({ id: '' })) },
];

const noUser = { user: '', owner: 'owner' };

function broken(what: string, { from, to }: { from: string; to: string }): (typeof brokenEncryption)[number] {
  const make = (): Buffer =>
    encryptedPdf('aes-128', noUser, ({ dictionary }) => ({ dictionary: dictionary.replace(from, to) }));
  return { name: `encrypted with ${what}`, code: /^pdf_encryption_unknown$/, make };
}

function lost(what: string, reference: string): (typeof brokenEncryption)[number] {
  return {
    name: `encrypted with ${what}`,
    code: /^pdf_encryption_unknown$/,
    make: () => encryptedPdf('aes-128', noUser, () => ({ reference })),
  };
}

/** A file that no password opens, which a reader cannot tell from one with another password. */
function damaged(
  what: string,
  from: RegExp,
  to: string,
  way: (typeof ways)[number] = 'aes-128',
): (typeof brokenEncryption)[number] {
  const make = (): Buffer =>
    encryptedPdf(way, noUser, ({ dictionary }) => ({ dictionary: dictionary.replace(from, to) }));
  return { name: `encrypted with ${what}`, code: /^(pdf_password_(missing|wrong)|image_unreadable)$/, make };
}

export const encryptionPdfs: readonly HostilePdf[] = [
  ...ways.map((way) => ({ name: `encrypted with ${way}`, make: () => encryptedPdf(way, { user: 'u', owner: 'o' }) })),
  ...brokenEncryption,
];

interface Encryption {
  readonly dictionary: string;
  readonly encrypt: (data: Buffer, object: number) => Buffer;
}

const fileId = Buffer.from('0123456789abcdef');

/** May print and copy. */
const permissions = -4;

/** With which passwords are filled up to 32 bytes. */
const filling = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

function upToRevision4(way: 'rc4-40' | 'rc4-128' | 'aes-128', { user, owner }: Passwords): Encryption {
  const isFirst = way === 'rc4-40';
  const length = isFirst ? 5 : 16;
  const rounds = isFirst ? 0 : 19;
  const repeated = (digest: Buffer): Buffer => {
    let key = digest;
    for (let i = 0; !isFirst && i < 50; i++) key = hash('md5', key);
    return key.subarray(0, length);
  };
  const o = rc4Rounds(repeated(hash('md5', filled(owner))), filled(user), rounds);
  const key = repeated(hash('md5', Buffer.concat([filled(user), o, int32(permissions), fileId])));
  const u = isFirst
    ? rc4(key, filling)
    : Buffer.concat([rc4Rounds(key, hash('md5', Buffer.concat([filling, fileId])), rounds), Buffer.alloc(16)]);
  const method = {
    'rc4-40': '/V 1 /R 2',
    'rc4-128': '/V 2 /R 3 /Length 128',
    'aes-128': `/V 4 /R 4 /Length 128 ${cryptFilter('AESV2', 16)}`,
  }[way];
  return {
    dictionary: `<< /Filter /Standard ${method} /P ${permissions} /O ${hex(o)} /U ${hex(u)} >>`,
    encrypt: (data, object) => {
      const salt = way === 'aes-128' ? Buffer.from('sAlT') : Buffer.alloc(0);
      const number = Buffer.concat([int32(object).subarray(0, 3), Buffer.alloc(2)]);
      const own = hash('md5', Buffer.concat([key, number, salt])).subarray(0, Math.min(16, length + 5));
      return way === 'aes-128' ? aes('aes-128-cbc', own, data) : rc4(own, data);
    },
  };
}

function revision5({ user, owner }: Passwords): Encryption {
  const key = Buffer.alloc(32, 7);
  const [check, salt] = [Buffer.alloc(8, 1), Buffer.alloc(8, 2)];
  const of = (password: string, more: Buffer): { value: Buffer; wrapped: Buffer } => {
    const word = Buffer.from(password);
    const value = Buffer.concat([hash('sha256', Buffer.concat([word, check, more])), check, salt]);
    const cipher = createCipheriv(
      'aes-256-cbc',
      hash('sha256', Buffer.concat([word, salt, more])),
      Buffer.alloc(16),
    ).setAutoPadding(false);
    return { value, wrapped: Buffer.concat([cipher.update(key), cipher.final()]) };
  };
  const u = of(user, Buffer.alloc(0));
  const o = of(owner, u.value);
  const plain = Buffer.concat([int32(permissions), Buffer.alloc(4, 0xff), Buffer.from('Tadb'), Buffer.alloc(4)]);
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const perms = Buffer.concat([cipher.update(plain), cipher.final()]);
  const values = `/O ${hex(o.value)} /U ${hex(u.value)} /OE ${hex(o.wrapped)} /UE ${hex(u.wrapped)} /Perms ${hex(perms)}`;
  return {
    dictionary: `<< /Filter /Standard /V 5 /R 5 /Length 256 ${cryptFilter('AESV3', 32)} /P ${permissions} ${values} >>`,
    encrypt: (data) => aes('aes-256-cbc', key, data),
  };
}

function cryptFilter(method: string, length: number): string {
  return `/CF << /StdCF << /CFM /${method} /AuthEvent /DocOpen /Length ${length} >> >> /StmF /StdCF /StrF /StdCF`;
}

/** The data come after the first block, which is random elsewhere. */
function aes(name: string, key: Buffer, data: Buffer): Buffer {
  const first = Buffer.alloc(16, 3);
  const cipher = createCipheriv(name, key, first);
  return Buffer.concat([first, cipher.update(data), cipher.final()]);
}

function rc4Rounds(key: Buffer, data: Buffer, rounds: number): Buffer {
  return times(rounds + 1, (i) => i).reduce((text, i) => rc4(Buffer.from(key.map((byte) => byte ^ i)), text), data);
}

/** Node's own is switched off where OpenSSL has no old ciphers. */
function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  const at = (i: number): number => state[i & 255] ?? 0;
  const swap = (i: number, j: number): void => {
    [state[i & 255], state[j & 255]] = [at(j), at(i)];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j += at(i) + (key[i % key.length] ?? 0);
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      j += at(++i);
      swap(i, j);
      return byte ^ at(at(i) + at(j));
    }),
  );
}

function filled(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), filling]).subarray(0, 32);
}

function hash(name: string, data: BinaryLike): Buffer {
  return createHash(name).update(data).digest();
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function hex(bytes: Buffer): string {
  return `<${bytes.toString('hex')}>`;
}
