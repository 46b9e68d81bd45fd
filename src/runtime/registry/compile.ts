import { pathToFileURL } from 'node:url';
import type { BuildFailure, PluginBuild } from 'esbuild';
import { OcrHubError } from '../errors/error.js';
import { entryFile } from '../package.js';
import { bundleName } from '../module/load.js';
import { bridgeSource } from '../module/ocrhub-bridge.js';
import type { PackageFolder } from './package-folder.js';

/** A package's code in one file, and the names of its source files. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  /** The package's own files in the bundle, relative to its folder, sorted. */
  readonly inputs: readonly string[];
}

/**
 * Bundles a package's files and its npm dependencies into one ES module. `ocrhub` is not bundled: the process that loads
 * the module provides it, so that all modules share one copy of the runtime.
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
      // CommonJS dependencies use these two names. A file that declares one of them keeps its own.
      define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
      sourcemap: 'linked',
      // Stack traces and debuggers name the author's own files.
      sourceRoot: pathToFileURL(`${source.folder}/`).href,
      metafile: true,
      logLevel: 'silent',
      // Ignore the author's tsconfig.json: it is for the editor, and maps "ocrhub" to its types.
      tsconfigRaw: '{}',
      // CommonJS dependencies call require, which an ES module does not have.
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
      .filter((input) => !input.startsWith('..') && !input.includes('node_modules/') && input !== replacement)
      .sort(),
  };
}

const namespace = 'process';

/** The bundler's name for the code that replaces "ocrhub". */
const replacement = `${namespace}:ocrhub`;

const takeOcrhubFromProcess = {
  name: 'take-ocrhub-from-process',
  setup(build: PluginBuild): void {
    build.onResolve({ filter: /^ocrhub$/ }, ({ path }) => ({ path, namespace, sideEffects: false }));
    build.onLoad({ filter: /^/, namespace }, async () => ({ contents: bridgeSource(await exportedNames(build)) }));
  },
};

/** Returns the names that "ocrhub" exports. Parses the file, because the registry must not import the pipeline. */
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

/** Native packages cannot be bundled. A module uses them through the exports of "ocrhub". */
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
  const problem = first.text.replace(replacement, 'ocrhub');
  return new OcrHubError('compile_failed', { place, problem }, { cause: error });
}
