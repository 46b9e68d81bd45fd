import { realpath } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { readRegularFile, readRegularFileSync } from '../../files/read-regular.js';
import type { OnResolveResult, PluginBuild } from 'esbuild';

/** The npm packages that a bundle imports at run time, because in one file they would not find their own files. */
export class UnbundledPackages {
  /** Folder by the name that the bundle imports. */
  readonly imported = new Map<string, string>();
  readonly #folders = new Set<string>();

  get size(): number {
    return this.#folders.size;
  }

  has(folder: string): boolean {
    return this.#folders.has(folder);
  }

  add(folder: string): void {
    // The process provides "ocrhub" to bundled code alone.
    if (!usesOcrhub(folder)) this.#folders.add(folder);
  }
}

/** The folder of the npm package that a file belongs to; undefined for other files. */
export function packageFolderOf(file: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0];
}

/**
 * Code that asks for its place, loads native code, or loads what it names at run time. In a bundle it would look in the wrong
 * place.
 */
const needsItsPlace = new RegExp(
  [
    String.raw`\b__dirname\b|\b__filename\b|\bimport\.meta\b|\bcreateRequire\b`,
    String.raw`\.node['"${'`'}]`,
    String.raw`\brequire\(['"](?:bindings|node-gyp-build|node-pre-gyp|@mapbox/node-pre-gyp)['"]\)`,
    // A name that is no literal.
    String.raw`\brequire\(\s*[^'"\s)]`,
    String.raw`\bimport\(\s*[^'"\s)]`,
  ].join('|'),
);

/** Marks an inner call of the resolver, which must not be answered by this plugin again. */
const resolving = Symbol('resolving');

/** The namespace of packages whose entry is machine code. */
const required = 'required';

/** Leaves the imports of packages that cannot be bundled to the run time, and finds those packages. */
export function leaveNpmPackages(unbundled: UnbundledPackages) {
  return {
    name: 'leave-npm-packages',
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /\.node$/ }, ({ path: name, importer }) => {
        const folder = packageFolderOf(importer);
        if (folder === undefined) return undefined;
        unbundled.add(folder);
        // Whether the file is there shows at run time, as in plain Node.js: the package may do without.
        return unbundled.has(folder) ? { path: name, external: true } : undefined;
      });
      build.onResolve({ filter: /^[^./#]/ }, async ({ path: name, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === resolving || kind === 'entry-point' || isBuiltin(name) || path.isAbsolute(name))
          return undefined;
        if (unbundled.size === 0) return undefined;
        const resolved = await build.resolve(name, { importer, resolveDir, kind, pluginData: resolving });
        if (resolved.errors.length > 0 || resolved.namespace !== 'file') return undefined;
        const folder = packageFolderOf(resolved.path);
        if (folder === undefined || !unbundled.has(folder)) return undefined;
        // An ES module cannot import machine code; require() can.
        if (resolved.path.endsWith('.node') && kind !== 'require-call') {
          return { path: name, namespace: required, pluginData: resolveDir };
        }
        return leave(unbundled, { name, folder, importer, resolveDir });
      });
      build.onLoad({ filter: /^/, namespace: required }, ({ path: name, pluginData }) => {
        return { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: pluginData as string };
      });
      build.onLoad({ filter: /\.([cm]?[jt]sx?|node)$/, namespace: 'file' }, async ({ path: file }) => {
        const folder = packageFolderOf(file);
        if (folder === undefined) return undefined;
        if (file.endsWith('.node') || needsItsPlace.test(await readRegularFile(file))) unbundled.add(folder);
        // This pass will be repeated.
        return file.endsWith('.node') ? { contents: '' } : undefined;
      });
    },
  };
}

function leave(
  unbundled: UnbundledPackages,
  imported: { readonly name: string; readonly folder: string; readonly importer: string; readonly resolveDir: string },
): OnResolveResult | undefined {
  const { name, folder, importer, resolveDir } = imported;
  const [packageName = name] = /^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [];
  const known = unbundled.imported.get(packageName);
  if (known !== undefined && known !== folder) {
    // Another version has the place at the root. The importer then travels whole, with its own version.
    const outer = packageFolderOf(importer);
    if (outer !== undefined) unbundled.add(outer);
    return { path: name, external: true };
  }
  unbundled.imported.set(packageName, folder);
  return { path: fullName(name, packageName, folder, resolveDir), external: true };
}

/** An ES module must name a file of a package with its ending, which bundlers and require() do not need. */
function fullName(name: string, packageName: string, folder: string, resolveDir: string): string {
  if (name === packageName || readPackage(folder)['exports'] !== undefined) return name;
  try {
    const file = createRequire(path.join(resolveDir, 'index.js')).resolve(name);
    return isInside(folder, file) ? `${packageName}/${path.relative(folder, file).split(path.sep).join('/')}` : name;
  } catch {
    // require() does not find it either; the import says so at run time.
    return name;
  }
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}

function usesOcrhub(folder: string): boolean {
  const { dependencies, peerDependencies } = readPackage(folder);
  return [dependencies, peerDependencies].some((names) => Object.hasOwn(Object(names) as object, 'ocrhub'));
}

/** The content of a package.json; empty if there is none, as in a folder that was put into node_modules by hand. */
export function readPackage(folder: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(readRegularFileSync(path.join(folder, 'package.json')))) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Looks in the node_modules of the folder and of those above it, as Node.js does. */
export async function findPackage(folder: string, name: string): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = await realpath(path.join(at, 'node_modules', name)).catch(() => undefined);
    if (found !== undefined || at === path.dirname(at)) return found;
  }
}

/** ocrhub holds these itself, and two copies of them in one process disturb each other. */
export const nativePackages = /^(sharp|onnxruntime-node|onnxruntime-common)(\/|$)/;

/** Refuses the native packages that ocrhub holds itself if they are installed; if not, the bundler looks whether it must be. */
export const refuseNativePackages = {
  name: 'refuse-native-packages',
  setup(build: PluginBuild): void {
    build.onResolve({ filter: nativePackages }, async ({ path: name, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === resolving) return undefined;
      const resolved = await build.resolve(name, { importer, resolveDir, kind, pluginData: resolving });
      if (resolved.errors.length > 0) return undefined;
      return { errors: [{ text: `"${name}" cannot be imported by a module`, detail: { native: name } }] };
    });
  },
};
