import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildResult } from 'esbuild';
import { bundleName } from '../../module/load.js';
import type { PackageFolder } from '../package-folder.js';
import { toCompileError } from './compile-error.js';
import { contentLoaders } from './content-loaders.js';
import { namedPackages } from './named-packages.js';
import { keepPlaces, placeNames, placesBanner } from './places.js';
import { leaveNpmPackages, refuseNativePackages, UnbundledPackages } from './npm-packages.js';
import { takeOcrhubFromProcess } from './ocrhub-import.js';

/** A package's code in one file, and the names of its source files. */
export interface Bundle {
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  /** The package's own files in the bundle, relative to its folder, sorted. */
  readonly inputs: readonly string[];
  /** The folders of the npm packages that the module's files look for at run time, by their names. */
  readonly packages: ReadonlyMap<string, string>;
}

/**
 * Bundles a package's files and its npm dependencies into one ES module. `ocrhub` is not bundled: the process that loads
 * the module provides it, so that all modules share one copy of the runtime. npm packages that read files of their own, or
 * load native code, are not bundled either (decision 39).
 *
 * @throws OcrHubError `compile_failed` with file:line:column, `native_package_imported`
 */
export async function compilePackage(source: PackageFolder): Promise<Bundle> {
  const unbundled = new UnbundledPackages();
  // Each pass may find packages that cannot be bundled. The next pass leaves them, and does not see what they import.
  for (;;) {
    const found = unbundled.size;
    const loaded = new Set<string>();
    const result = await build(source, unbundled, loaded).catch((error: unknown) => {
      if (unbundled.size === found) throw toCompileError(error, source.folder);
      return undefined;
    });
    if (result === undefined || unbundled.size > found) continue;
    const [sourceMap, code] = [...(result.outputFiles ?? [])].sort(
      (a, b) => Number(b.path.endsWith('.map')) - Number(a.path.endsWith('.map')),
    );
    const root = await realpath(source.folder);
    const inputs = ownFiles(root, loaded);
    return {
      code: code?.contents ?? new Uint8Array(),
      sourceMap: sourceMap?.contents ?? new Uint8Array(),
      inputs,
      packages: new Map([
        ...(await namedPackages(
          root,
          inputs.map((name) => path.join(root, name)),
        )),
        ...unbundled.imported,
      ]),
    };
  }
}

async function build(source: PackageFolder, unbundled: UnbundledPackages, loaded: Set<string>): Promise<BuildResult> {
  const esbuild = await import('esbuild');
  unbundled.imported.clear();
  return esbuild.build({
    entryPoints: [source.entry],
    absWorkingDir: source.folder,
    bundle: true,
    write: false,
    outfile: bundleName,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    loader: contentLoaders,
    // A file that declares one of these names keeps its own.
    define: placeNames,
    sourcemap: 'linked',
    // Stack traces and debuggers name the author's own files.
    sourceRoot: pathToFileURL(`${source.folder}/`).href,
    logLevel: 'silent',
    // An import of a name that is made at run time, whose pattern matches no file, fails there only.
    // So does code for which a tsconfig.json has a base that is not there.
    logOverride: { 'empty-glob': 'error', 'tsconfig.json': 'error' },
    // Those of folders above would change a module with the place where it lies. One that maps "ocrhub" to its types, as
    // editors need it, changes nothing: the plugins come first.
    ...(source.tsconfig === undefined ? { tsconfigRaw: '{}' } : { tsconfig: source.tsconfig }),
    // CommonJS dependencies call require, which an ES module does not have.
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); ${placesBanner}`,
    },
    plugins: [
      takeOcrhubFromProcess,
      refuseNativePackages,
      leaveNpmPackages(unbundled),
      keepPlaces(await realpath(source.folder), loaded),
    ],
  });
}

function ownFiles(root: string, loaded: ReadonlySet<string>): string[] {
  return [...loaded]
    .map((file) => path.relative(root, file).split(path.sep))
    .filter((parts) => parts[0] !== '..' && !parts.includes('node_modules') && !path.isAbsolute(parts.join(path.sep)))
    .map((parts) => parts.join('/'))
    .sort();
}
