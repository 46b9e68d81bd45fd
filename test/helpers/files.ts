import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes files, keyed by their path below the folder, and returns the folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** The files of a package with this `module.ts`. */
export function packageFiles(module: string): Record<string, string> {
  return {
    'index.ts': "export { default } from './module.js';\n",
    'module.ts': module,
    'params.ts': 'export const params = {};\n',
  };
}

/** The source of a module that needs no model and answers the same word for every picture. */
export function wordModule(name: string, { version = '1.0.0', word = 'one' } = {}): string {
  return `import { defineModule } from 'ocrhub';

export default defineModule({
  name: '${name}',
  version: '${version}',
  entries: { empty: null, nested: false },
  predict: ({ images }) => images.map(() => '${word}'),
});
`;
}

/** The names in a folder; empty if there is no folder. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
