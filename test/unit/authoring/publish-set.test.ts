import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { publishSet } from '../../../src/runtime/authoring/convert/user-set.js';
import { writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';

/** What a rename does, and what comes just before it. */
const system = vi.hoisted(() => ({ isWindows: false, meanwhile: (): Promise<unknown> => Promise.resolve() }));
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const original = await importOriginal();
  const rename: typeof original.rename = async (from, to) => {
    await system.meanwhile();
    // Windows replaces no folder, not even an empty one.
    if (system.isWindows && existsSync(to))
      throw Object.assign(new Error('EPERM: operation not permitted, rename'), { code: 'EPERM', syscall: 'rename' });
    return original.rename(from, to);
  };
  return { ...original, default: { ...original, rename }, rename };
});

let folder: string;
let set: string;

beforeEach(async () => {
  const root = await temporaryFolder();
  folder = await writeFiles(path.join(root, 'own'), { 'rec.onnx': 'a network' });
  set = path.join(root, 'models', 'mine');
  system.meanwhile = () => Promise.resolve();
});

describe.each([
  ['POSIX', false],
  ['Windows', true],
])('a set that is published where renames are those of %s', (_, isWindows) => {
  beforeEach(() => (system.isWindows = isWindows));

  async function leftovers(): Promise<string[]> {
    return (await readdir(path.dirname(set))).filter((name) => name.startsWith('.'));
  }

  it('gets its name when it is whole', async () => {
    expect(await publishSet(folder, set)).toBe('published');
    expect(await readFile(path.join(set, 'rec.onnx'), 'utf8')).toBe('a network');
    expect(await leftovers()).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['the same', { 'rec.onnx': 'a network' }, 'same'],
    ['another', { 'rec.onnx': 'another network' }, 'other'],
  ])('leaves %s set that another process has published meanwhile', async (_, files, end) => {
    system.meanwhile = () => writeFiles(set, files);
    expect(await publishSet(folder, set)).toBe(end);
    expect(await readFile(path.join(set, 'rec.onnx'), 'utf8')).toBe(files['rec.onnx']);
    expect(await leftovers()).toEqual([]);
  });

  it('does not take the place of an empty folder', async () => {
    await mkdir(set, { recursive: true });
    expect(await publishSet(folder, set)).toBe('other');
    expect(await readdir(set)).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });
});
