import type { Loader } from 'esbuild';

const texts = 'csv tsv md html htm xml svg yaml yml toml ini css sql graphql jsonl ndjson tmpl log rst'.split(' ');

const bytes =
  'wasm bin dat onnx npy png jpg jpeg gif webp bmp tif tiff pdf ico ttf otf woff woff2 gz zip mp3 wav pb'.split(' ');

/** What an import of a file that is no code gives, by the ending of its name. The bundler knows .txt and .json itself. */
export const contentLoaders: Readonly<Record<string, Loader>> = {
  ...Object.fromEntries(texts.map((ending) => [`.${ending}`, 'text' as const])),
  ...Object.fromEntries(bytes.map((ending) => [`.${ending}`, 'binary' as const])),
};
