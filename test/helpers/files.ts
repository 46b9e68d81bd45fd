import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes files by their path below a folder, and answers the folder. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** A package whose `module.ts` is the given text. */
export function packageFiles(module: string): Record<string, string> {
  return {
    'index.ts': "export { default } from './module.js';\n",
    'module.ts': module,
    'params.ts': 'export const params = {};\n',
  };
}

/** A module that needs no model: it answers the same word for every picture. */
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

/** Names in a folder; empty when it is not there. */
export function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
