import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import { readRegularFile } from '../files/read-regular.js';

/** A certificate, with those of its issuers behind it, and its private key, both as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads and checks the files of a server that speaks HTTPS.
 *
 * @throws OcrHubError `tls_unusable`
 */
export async function readKeyPair(files: { readonly cert: string; readonly key: string }): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readPem(files.cert), readPem(files.key)]);
  const certificate = parseCertificate(cert, files.cert);
  if (!certificate.checkPrivateKey(parseKey(key, files.key))) {
    throw unusable(files.key, `it is not the key of the certificate in ${files.cert}`);
  }
  if (Date.parse(certificate.validTo) < Date.now()) throw unusable(files.cert, `it expired on ${certificate.validTo}`);
  return { cert, key };
}

function readPem(file: string): Promise<string> {
  return readRegularFile(file).catch((error: unknown) => {
    throw unusable(file, (error as Error).message, error);
  });
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw unusable(file, 'it holds no certificate in PEM form', error);
  }
}

function parseKey(text: string, file: string): KeyObject {
  if (text.includes('ENCRYPTED')) {
    throw unusable(file, 'it is encrypted; write it without a passphrase: openssl pkey -in FILE -out NEW');
  }
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw unusable(file, 'it holds no private key in PEM form', error);
  }
}

function unusable(file: string, problem: string, cause?: unknown): OcrHubError {
  return new OcrHubError('tls_unusable', { file, problem }, { cause });
}
