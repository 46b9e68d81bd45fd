import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ocrhubJson } from './cli.js';

/** Writes a service package and installs it as a user does. `definition` is what stands in `defineModule({...})`. */
export async function installModule(home: string, definition: string, head = ''): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-package-'));
  try {
    await writePackage(folder, definition, head);
    await ocrhubJson(home, ['install', folder]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePackage(folder: string, definition: string, head = ''): Promise<void> {
  await mkdir(folder, { recursive: true });
  const module = `import { defineModule, z } from 'ocrhub';\n${head}\nexport default defineModule({\n${definition}\n});\n`;
  await writeFile(path.join(folder, 'index.ts'), `export { default } from './module.js';\n`);
  await writeFile(path.join(folder, 'params.ts'), 'export const params = {};\n');
  await writeFile(path.join(folder, 'module.ts'), module);
}

/**
 * A module that does to its process what a request's fields say, and answers `{ pid, width }` for each picture. Fields
 * that name a file leave a trace there, which outlives the process.
 */
export function installProbe(home: string): Promise<void> {
  return installModule(
    home,
    `
  name: 'probe',
  version: '1.0.0',
  fields: z.object({
    /** A line with the process id is added to this file, once a picture. */
    mark: z.string().optional(),
    sleepMs: z.number().optional(),
    /** Blocks the event loop, as an inference does. */
    blockMs: z.number().optional(),
    /** Dies by SIGKILL, each time. */
    die: z.boolean().optional(),
    /** Dies by SIGKILL unless the file is there, which it makes first. */
    dieUnless: z.string().optional(),
    /** Memory that is kept. */
    keepMiB: z.number().optional(),
    fail: z.string().optional(),
    answer: z.enum(['bigint', 'circular', 'function', 'undefined', 'text', 'short']).optional(),
  }),
  entries: { empty: null, nested: false },
  async predict({ images, ...fields }) {
    const { mark, sleepMs, blockMs, die, dieUnless, keepMiB, fail, answer } = fields;
    for (const _ of images) if (mark !== undefined) appendFileSync(mark, process.pid + '\\n');
    if (sleepMs !== undefined) await new Promise((resolve) => setTimeout(resolve, sleepMs));
    const end = performance.now() + (blockMs ?? 0);
    while (performance.now() < end);
    if (die === true) await end_();
    if (dieUnless !== undefined && !existsSync(dieUnless)) {
      writeFileSync(dieUnless, '');
      await end_();
    }
    if (keepMiB !== undefined) kept.push(Buffer.alloc(keepMiB * 1024 ** 2, 1));
    if (fail !== undefined) throw new RangeError(fail);
    if (answer !== undefined) return answers[answer](images);
    return images.map(({ width }) => ({ pid: process.pid, width }));
  },`,
    `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

const kept = [];

/** The signal arrives a moment later. */
function end_() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const circular = {};
circular.self = circular;
const answers = {
  bigint: () => [1n],
  circular: () => [circular],
  function: () => [() => 1],
  undefined: () => [undefined],
  text: () => 'no list',
  short: () => [],
};
`,
  );
}
