// Writes dist/. Each command, each process and the public API becomes a file. Code that several files of one process need goes into
// shared chunks, so a process has one copy of each class, also if it loads a module that imports "ocrhub". Processes share no chunks:
// a chunk for each set of files that share it would make each process load many small ones.
// docs/decisions/0010-start.md says why.
import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const src = path.join(root, 'src');
const dist = path.join(root, 'dist');

/** oclif looks for each command in the file of its name. Files that begin with _ are not commands. */
const commands = readdirSync(path.join(src, 'commands'), { recursive: true })
  .filter((name) => /(^|[\\/])[^_][^\\/]*\.ts$/.test(name))
  .map((name) => path.join('commands', name));

/** The files that one process may load. */
const processes = {
  command: [
    ...commands,
    'main.ts',
    'commands/_help.ts',
    'commands/_command-not-found.ts',
    'runtime/servers/spawn-ahead.ts',
  ],
  server: ['runtime/server/main.ts'],
  inference: [
    'runtime/index.ts',
    'runtime/ocr/recognize/thread-main.ts',
    'runtime/worker/inspect-main.ts',
    'runtime/worker/main.ts',
  ],
};

/** Packages that few commands need, and clipper-lib: its license is in comments, which a bundle drops. */
const external = [
  '@aws-sdk/client-s3',
  '@cantoo/pdf-lib',
  '@embedpdf/pdfium',
  'bullmq',
  'clipper-lib',
  'esbuild',
  'file-type',
  'ioredis',
  'open',
  'pg',
  'undici',
  'conf',
  'yaml',
  'typescript',
  'zod/v4/locales',
];

/** Messages in 60 languages are half of zod. This loads a language when it is used. */
const languagesWhenAsked = {
  name: 'languages when asked',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, async ({ path: file }) => {
      const others = Object.keys(await import(pathToFileURL(file).href)).filter((name) => name !== 'en');
      const lines = others.map((name) => `export const ${name} = () => require('zod/v4/locales').${name}();`);
      return { contents: [`export { default as en } from './en.js';`, ...lines].join('\n') };
    });
  },
};

/** Node reads the source map of each file that it loads. The maps of packages would be ten times as long as our own. */
const mapsOfOwnFiles = {
  name: 'maps of own files',
  setup({ onLoad }) {
    const map = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path: file }) => ({
      contents: `${await readFile(file, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${map}`,
    }));
  },
};

await rm(dist, { recursive: true, force: true });
const inputs = await Promise.all(Object.entries(processes).map(([name, entries]) => buildProcess(name, entries)));
// "ocrhub/client" also runs in browsers and workers, so it has no banner and may use nothing of Node.
await build({
  absWorkingDir: root,
  entryPoints: [path.join(src, 'runtime/fetch-client/index.ts')],
  outfile: path.join(dist, 'runtime/fetch-client/index.js'),
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: false,
});
const pageInputs = await buildPage();
await writeFile(path.join(dist, 'LICENSES.txt'), await licensesOf([...inputs.flat(), ...pageInputs]));

/** Returns the files that were bundled. */
async function buildProcess(name, entries) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => path.join(src, entry)),
    outbase: src,
    outdir: dist,
    chunkNames: `shared/${name}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
    plugins: [languagesWhenAsked, mapsOfOwnFiles],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    // CommonJS packages expect these names.
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return Object.keys(metafile.inputs);
}

/** Writes dist/page, the files of /ui/. Browsers keep a file as long as its name, which has a hash, stays the same. */
async function buildPage() {
  const page = path.join(dist, 'page');
  const built = await build({
    absWorkingDir: root,
    entryPoints: { page: path.join(src, 'page/main.tsx'), icon: path.join(src, 'page/icon.svg') },
    outdir: page,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    metafile: true,
  });
  const nameOf = (extension) =>
    path.basename(Object.keys(built.metafile.outputs).find((file) => file.endsWith(extension)));
  const template = await readFile(path.join(src, 'page/index.html'), 'utf8');
  const html = template
    .replace('SCRIPT', nameOf('.js'))
    .replace('STYLE', nameOf('.css'))
    .replace('ICON', nameOf('.svg'));
  await writeFile(path.join(page, 'index.html'), html);
  return Object.keys(built.metafile.inputs);
}

/** The licenses of all packages that are bundled into dist/. The licenses require that copies carry them. */
async function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} has no license file: it must stay out of the bundle`);
      const text = await readFile(path.join(root, folder, file), 'utf8');
      return `${name} ${version}, ${license ?? 'see below'}\n\n${text.trim()}\n`;
    }),
  );
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
