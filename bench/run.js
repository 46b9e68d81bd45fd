// Bundles a measurement that is written in TypeScript and runs it: node bench/run.js NAME [options of bench/NAME.ts]
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './harness.js';

const name = process.argv[2] ?? '';
const entry = path.join(root, 'bench', `${name}.ts`);
if (!existsSync(entry)) {
  console.error(`There is no bench/${name}.ts. Usage: node bench/run.js NAME [options]`);
  process.exit(2);
}
const outdir = path.join(root, 'bench', 'out');
const outfile = path.join(outdir, `${name}.js`);
await build({
  entryPoints: [
    { in: entry, out: name },
    // With several threads, a process starts readers from the file beside the one that runs.
    { in: path.join(root, 'src', 'runtime', 'ocr', 'reading-thread.ts'), out: 'reading-thread' },
  ],
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  sourcemap: 'inline',
});
process.argv.splice(1, 2, outfile);
await import(pathToFileURL(outfile).href);
