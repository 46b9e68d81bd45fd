import type { PluginBuild } from 'esbuild';
import { bridgeSource } from '../../module/ocrhub-bridge.js';
import { entryFile } from '../../package.js';

const namespace = 'process';

/** The bundler's name for the code that replaces "ocrhub". */
export const replacement = `${namespace}:ocrhub`;

/** Replaces the import of "ocrhub" by code that takes its exports from the process. */
export const takeOcrhubFromProcess = {
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
