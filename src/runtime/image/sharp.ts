import { createRequire } from 'node:module';
import type sharp from 'sharp';
import { blameInstallation } from '../errors/blame-installation.js';

/**
 * Loads and configures sharp at the first call, so that importing "ocrhub" loads no native code.
 *
 * @throws OcrHubError `installation_broken`
 */
export function loadSharp(): typeof sharp {
  loaded ??= configure(blameInstallation('sharp', () => require('sharp') as typeof sharp));
  return loaded;
}

/**
 * Sets the number of threads that libvips uses for one picture. It holds for the whole process.
 *
 * @throws OcrHubError `installation_broken`
 */
export function setDecodingThreads(threads: number): void {
  loadSharp().concurrency(threads);
}

// Unlike import(), require loads a package again after a failure, and takes half the time.
const require = createRequire(import.meta.url);

let loaded: typeof sharp | undefined;

function configure(library: typeof sharp): typeof sharp {
  // libvips also loads SVG, PDF, text and more: an attack surface that pictures do not need. Only these may run.
  library.block({ operation: ['VipsForeignLoad'] });
  library.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadTiffBuffer',
      'VipsForeignLoadNsgifBuffer',
    ],
  });
  // No file is read twice; the cache would only hold memory.
  library.cache(false);
  return library;
}
