// Runs a measurement: node bench/run.js NAME [options]. The first lines of bench/NAME.ts say what it measures and which
// options it has. Measurements are written in TypeScript; this bundles them, and the workers they start, into bench/out.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const bench = import.meta.dirname;
const name = process.argv[2] ?? '';
const entry = path.join(bench, `${name}.ts`);
if (!existsSync(entry)) {
  const names = readdirSync(bench).flatMap((file) => (file.endsWith('.ts') ? [path.basename(file, '.ts')] : []));
  console.error(`Usage: node bench/run.js NAME [options]. NAME is one of: ${names.join(', ')}`);
  process.exit(2);
}
const workers = path.join(bench, 'workers');
const outdir = path.join(bench, 'out');
await build({
  entryPoints: [
    entry,
    ...readdirSync(workers).flatMap((file) => (file.endsWith('.ts') ? [path.join(workers, file)] : [])),
  ],
  outbase: bench,
  outdir,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  sourcemap: 'inline',
});
const outfile = path.join(outdir, `${name}.js`);
process.argv.splice(1, 2, outfile);
await import(pathToFileURL(outfile).href);
