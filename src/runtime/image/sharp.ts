import type sharp from 'sharp';

/** Loads and configures sharp at the first call, so that importing "ocrhub" loads no native code. */
export function loadSharp(): Promise<typeof sharp> {
  loading ??= load();
  return loading;
}

/** Sets the number of threads that libvips uses for one picture. It holds for the whole process. */
export async function setDecodingThreads(threads: number): Promise<void> {
  (await loadSharp()).concurrency(threads);
}

let loading: Promise<typeof sharp> | undefined;

async function load(): Promise<typeof sharp> {
  const { default: loaded } = await import('sharp');
  // libvips also loads SVG, PDF, text and more: an attack surface that pictures do not need. Only these may run.
  loaded.block({ operation: ['VipsForeignLoad'] });
  loaded.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadTiffBuffer',
      'VipsForeignLoadNsgifBuffer',
    ],
  });
  // No file is read twice; the cache would only hold memory.
  loaded.cache(false);
  return loaded;
}
