// Writes dist/: what is a process of its own, a command or imported from outside becomes a file; what several of them
// need becomes chunks that they share, so that each module is there once in a process, for a module that imports
// "ocrhub" too. docs/decisions/0010-start.md says why.
import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const src = path.join(root, 'src');
const dist = path.join(root, 'dist');

/** oclif looks for each command in the file of its name; what begins with _ is none. */
const commands = readdirSync(path.join(src, 'commands'), { recursive: true })
  .filter((name) => /(^|[\\/])[^_][^\\/]*\.ts$/.test(name))
  .map((name) => path.join('commands', name));

const entries = [
  ...commands,
  'main.ts',
  'commands/_help.ts',
  'commands/_command-not-found.ts',
  'runtime/index.ts',
  // For benchmarks and tests, which are hosts of their own.
  'runtime/ocr/configure.ts',
  'runtime/ocr/recognize/thread-main.ts',
  'runtime/worker/inspect-main.ts',
  'runtime/server/main.ts',
  'runtime/worker/main.ts',
  'runtime/servers/spawn-ahead.ts',
];

/**
 * Packages that few commands load, when they need them; and clipper-lib, whose licence stands in the comments of its code,
 * which a bundle drops.
 */
const external = ['clipper-lib', 'esbuild', 'undici', 'conf', 'yaml', 'typescript', 'zod/v4/locales'];

/** Node finds and reads their CommonJS form in half the time of the other. */
const requireNative = {
  name: 'require native packages',
  setup({ onResolve, onLoad }) {
    const filter = /^(sharp|onnxruntime-node)$/;
    onResolve({ filter }, ({ path: name, kind }) =>
      kind === 'require-call' ? { path: name, external: true } : { path: name, namespace: 'native' },
    );
    onLoad({ filter, namespace: 'native' }, ({ path: name }) => ({ contents: `module.exports = require('${name}')` }));
  },
};

/** Half of zod are its messages in 60 languages: they are loaded when somebody asks for one. */
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

/** Node reads the source map of each file that it loads; those of the packages would be ten times as long as our own. */
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
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries.map((name) => path.join(src, name)),
  outbase: src,
  outdir: dist,
  chunkNames: 'shared/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external,
  plugins: [requireNative, languagesWhenAsked, mapsOfOwnFiles],
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  // What CommonJS packages expect.
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await writeFile(path.join(dist, 'LICENSES.txt'), await licences(Object.keys(metafile.inputs)));

/** The licence of each package of which something is in dist/: they ask to be handed on with it. */
async function licences(inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} has no licence file: it must stay out of the bundle`);
      const text = await readFile(path.join(root, folder, file), 'utf8');
      return `${name} ${version}, ${license ?? 'see below'}\n\n${text.trim()}\n`;
    }),
  );
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
