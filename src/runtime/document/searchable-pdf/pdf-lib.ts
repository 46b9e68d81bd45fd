import type * as library from '@cantoo/pdf-lib';
import { OcrHubError } from '../../errors/error.js';

export type PdfLib = typeof library;

/**
 * Loads the package that changes existing PDF files. It is an optional one: pictures do not need it.
 *
 * @throws OcrHubError `package_missing`
 */
export async function loadPdfLib(): Promise<PdfLib> {
  try {
    return await import('@cantoo/pdf-lib');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new OcrHubError(
      'package_missing',
      { name: '@cantoo/pdf-lib', purpose: 'to add text to PDF files' },
      { cause: error },
    );
  }
}
