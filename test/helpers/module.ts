import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ocrhubJson } from './cli.js';

/** Writes a package and installs it with the command. `definition` is the text inside `defineModule({...})`. */
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
 * Installs a module that sleeps, fails or dies according to the fields of a request and answers `{ pid, width }` for each
 * picture. Fields that name a file write to it, so that a test can read what a dead process did.
 */
export function installProbe(home: string): Promise<void> {
  return installModule(
    home,
    `
  name: 'probe',
  version: '1.0.0',
  fields: z.object({
    /** Appends the pid to this file, once a picture. */
    mark: z.string().optional(),
    sleepMs: z.number().optional(),
    /** Blocks the event loop, as an inference does. */
    blockMs: z.number().optional(),
    /** Kills the process with SIGKILL. */
    die: z.boolean().optional(),
    /** Unless this file exists, creates it and kills the process with SIGKILL. */
    dieUnless: z.string().optional(),
    /** Allocates memory and keeps it. */
    keepMiB: z.number().optional(),
    fail: z.string().optional(),
    answer: z.enum(['bigint', 'circular', 'function', 'undefined', 'text', 'short', 'promise', 'nan', 'map']).optional(),
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

/** Never resolves: the signal arrives a moment later. */
function end_() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const circular = {};
circular.self = circular;
const answers = {
  bigint: () => [1n],
  circular: () => [circular],
  promise: (images) => images.map(async () => []),
  nan: () => [[{ text: 'a', score: NaN }]],
  map: () => [new Map([['text', 'a']])],
  function: () => [() => 1],
  undefined: () => [undefined],
  text: () => 'no list',
  short: () => [],
};
`,
  );
}
