import { pathToFileURL } from 'node:url';
import type { BuildFailure, PluginBuild } from 'esbuild';
import { OcrHubError } from '../errors/error.js';
import { entryFile } from '../package.js';
import { bundleName } from '../module/load.js';
import { takingFromProcess } from '../module/ocrhub-bridge.js';
import type { PackageFolder } from './package-folder.js';

/** A package's code as one file, with the files it was made from. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  /** The package's own files that went in, relative to its folder, sorted. */
  readonly inputs: readonly string[];
}

/**
 * Bundles a package into one ES module. Its own files and its own npm dependencies go in; `ocrhub` is taken from the
 * process that loads it, so that every module shares one copy of the runtime.
 *
 * @throws OcrHubError `compile_failed` with file:line:column, `native_package_imported`
 */
export async function compilePackage(source: PackageFolder): Promise<Bundle> {
  const esbuild = await import('esbuild');
  const result = await esbuild
    .build({
      entryPoints: [source.entry],
      absWorkingDir: source.folder,
      bundle: true,
      write: false,
      outfile: bundleName,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // CommonJS dependencies expect them; an ES module that has its own keeps it.
      define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
      sourcemap: 'linked',
      // Stack traces and debuggers name the author's own files.
      sourceRoot: pathToFileURL(`${source.folder}/`).href,
      metafile: true,
      logLevel: 'silent',
      // An author's tsconfig.json is for the editor: it says where the types of "ocrhub" are.
      tsconfigRaw: '{}',
      // CommonJS dependencies call require, which an ES module has not.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
      plugins: [takeOcrhubFromProcess, refuseNativePackages],
    })
    .catch((error: unknown) => {
      throw toCompileError(error, source.folder);
    });
  const [sourceMap, code] = [...result.outputFiles].sort(
    (a, b) => Number(b.path.endsWith('.map')) - Number(a.path.endsWith('.map')),
  );
  return {
    code: code?.contents ?? new Uint8Array(),
    sourceMap: sourceMap?.contents ?? new Uint8Array(),
    inputs: Object.keys(result.metafile.inputs)
      .filter((input) => !input.startsWith('..') && !input.includes('node_modules/') && input !== standIn)
      .sort(),
  };
}

const namespace = 'process';

/** The bundler's name for the code that stands for "ocrhub". */
const standIn = `${namespace}:ocrhub`;

const takeOcrhubFromProcess = {
  name: 'take-ocrhub-from-process',
  setup(build: PluginBuild): void {
    build.onResolve({ filter: /^ocrhub$/ }, ({ path }) => ({ path, namespace, sideEffects: false }));
    build.onLoad({ filter: /^/, namespace }, async () => ({ contents: takingFromProcess(await exportedNames(build)) }));
  },
};

/** What "ocrhub" exports. The file is read and not run: it would bring the engine and the decoder with it. */
async function exportedNames({ esbuild }: PluginBuild): Promise<string[]> {
  const { metafile } = await esbuild.build({
    entryPoints: [entryFile('index.js')],
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return Object.values(metafile.outputs)
    .flatMap((output) => output.exports)
    .sort();
}

/** Packages with machine code cannot be bundled and are not found from the registry; ocrhub re-exports their use. */
const nativePackages = /^(sharp|onnxruntime-node|onnxruntime-common)(\/|$)/;

const refuseNativePackages = {
  name: 'refuse-native-packages',
  setup(build: PluginBuild): void {
    build.onResolve({ filter: nativePackages }, ({ path, importer }) => {
      return { errors: [{ text: `"${path}" cannot be imported by a module`, detail: { native: path, importer } }] };
    });
    build.onResolve({ filter: /\.node$/ }, ({ path, importer }) => {
      return { errors: [{ text: `"${path}" cannot be imported by a module`, detail: { native: path, importer } }] };
    });
  },
};

function toCompileError(error: unknown, folder: string): OcrHubError {
  const [first] = (error as Partial<BuildFailure>).errors ?? [];
  if (first === undefined) {
    return new OcrHubError('compile_failed', { place: folder, problem: String(error) }, { cause: error });
  }
  const native = (first.detail as { native?: string } | undefined)?.native;
  const at = first.location;
  const place = at === null ? folder : `${at.file}:${at.line}:${at.column + 1}`;
  if (native !== undefined) return new OcrHubError('native_package_imported', { place, name: native });
  const problem = first.text.replace(standIn, 'ocrhub');
  return new OcrHubError('compile_failed', { place, problem }, { cause: error });
}
