import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FormatName, WrittenFile } from '../../../src/runtime/document/formats/formats.js';
import type { Input } from '../../../src/runtime/inputs/input.js';
import { planOutput, type Output } from '../../../src/runtime/outputs/output.js';
import { namesIn, writeFiles } from '../../helpers/files.js';
import { temporaryFolder } from '../../helpers/home.js';
import { foundInput, namedInput } from '../../helpers/inputs.js';

const file = (content: string, extension = 'txt', contentType = 'text/plain'): WrittenFile => ({
  contentType,
  extension,
  bytes: Buffer.from(content),
});

const [a, b] = [namedInput('scans/a.jpg'), namedInput('scans/b.pdf')];

describe('standard output', () => {
  const plan = async (
    inputs: readonly Input[],
    format: FormatName,
    isTTY = false,
  ): Promise<{ output: Output; written: string[] }> => {
    const written: string[] = [];
    const write = (bytes: Uint8Array): void => void written.push(Buffer.from(bytes).toString());
    return { output: await planOutput(inputs, { format, output: undefined, stdout: { isTTY, write } }), written };
  };

  it('gets the bytes of each file in turn', async () => {
    const { output, written } = await plan([a, b], 'text', true);
    expect(await output.has(a)).toBe(false);
    for (const input of [a, b]) expect(await output.write(input, file(`${input.relative}\n`))).toBeUndefined();
    expect(written).toEqual(['a.jpg\n', 'b.pdf\n']);
  });

  it('gets a binary format unless it is a terminal', async () => {
    const { output, written } = await plan([a], 'docx');
    await output.write(a, file('PK', 'docx', 'application/zip'));
    expect(written).toEqual(['PK']);
    await expect(plan([a], 'docx', true)).rejects.toMatchObject({
      code: 'output_refused',
      hint: 'Name a file or a folder: -o out.docx',
      exitCode: 2,
    });
  });

  it('gets no archive if it is a terminal', async () => {
    const { output, written } = await plan([a], 'page', true);
    expect(() => output.write(a, file('PK', 'zip', 'application/zip'))).toThrow('it is a terminal');
    expect(written).toEqual([]);
  });

  it.each<FormatName>(['hocr', 'alto', 'page', 'docx', 'png'])('gets one file of %s only', async (format) => {
    await expect(plan([a, b], format)).rejects.toMatchObject({ hint: 'Name a file or a folder: -o out/' });
    expect((await plan([a], format)).written).toEqual([]);
  });
});

describe('-o', () => {
  const stdout = { isTTY: false, write: () => undefined };
  const plan = (inputs: readonly Input[], output: string, format: FormatName = 'text'): Promise<Output> =>
    planOutput(inputs, { format, output, stdout });

  it('names the file of one input', async () => {
    const target = path.join(await temporaryFolder(), 'new', 'text');
    const output = await plan([a], target);
    expect(await output.has(a)).toBe(false);
    expect(await output.write(a, file('one'))).toBe(target);
    expect([await output.has(a), await readFile(target, 'utf8')]).toEqual([true, 'one']);
    expect(await namesIn(path.dirname(target))).toEqual(['text']);
  });

  it.each([
    ['ends in a slash', [a], 'out/'],
    ['is a folder', [a], ''],
    ['is not there, and there are several inputs', [a, b], 'out'],
    ['is not there, and the input was found in a folder', [foundInput('scans', 'a.jpg')], 'out'],
  ])('names a folder if it %s', async (_, inputs, name) => {
    const folder = `${await temporaryFolder()}/${name}`;
    const output = await plan(inputs, folder);
    expect(await output.write(inputs[0] ?? a, file('one'))).toBe(path.join(folder, 'a.txt'));
  });

  it('mirrors the subfolders of the inputs', async () => {
    const folder = path.join(await temporaryFolder(), 'out');
    const inputs = ['a.jpg', '2024/05/b.jpg', '2024/b.jpg'].map((name) => foundInput('scans', name));
    const output = await plan(inputs, folder);
    for (const input of inputs) await output.write(input, file(input.relative));
    expect(await readFile(path.join(folder, '2024', '05', 'b.txt'), 'utf8')).toBe('2024/05/b.jpg');
    expect((await namesIn(folder)).sort()).toEqual(['2024', 'a.txt']);
    expect(await Promise.all(inputs.map((input) => output.has(input)))).toEqual([true, true, true]);
  });

  it('finds the archive of an earlier run for a format with a file for each page', async () => {
    const folder = await writeFiles(await temporaryFolder(), { 'b.zip': '', 'c.page.xml': '' });
    const inputs = ['a.jpg', 'b.pdf', 'c.jpg'].map((name) => foundInput('scans', name));
    const output = await plan(inputs, folder, 'page');
    expect(await Promise.all(inputs.map((input) => output.has(input)))).toEqual([false, true, true]);
  });

  it.each([
    ['a file that exists, for several inputs', [a, b], 'notes', 'it is a file, and several files are read'],
    ['a file by its extension, for several inputs', [a, b], 'all.txt', 'it is a file, and several files are read'],
    ['the file that is read', [], 'notes', 'it is the file that is read'],
  ])('is refused if it is %s', async (_, given, name, problem) => {
    const target = path.join(await writeFiles(await temporaryFolder(), { notes: 'mine' }), name);
    const inputs = given.length === 0 ? [namedInput(target)] : given;
    await expect(plan(inputs, target)).rejects.toMatchObject({
      message: `${target} cannot be written: ${problem}`,
      exitCode: 2,
    });
  });

  it('refuses to write an archive to a file that is called otherwise', async () => {
    const folder = await temporaryFolder();
    const output = await plan([b], path.join(folder, 'b.page.xml'), 'page');
    await expect(output.write(b, file('PK', 'zip', 'application/zip'))).rejects.toMatchObject({
      hint: expect.stringContaining('b.page.xml.zip') as string,
    });
    expect(await namesIn(folder)).toEqual([]);
    const archive = await plan([b], path.join(folder, 'b.zip'), 'page');
    expect(await archive.write(b, file('PK', 'zip', 'application/zip'))).toBe(path.join(folder, 'b.zip'));
  });

  it('reports a place that cannot be written and leaves no part of a file', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'no-folder'), '');
    const output = await plan([a, b], path.join(folder, 'no-folder', 'out'));
    await expect(output.write(a, file('one'))).rejects.toMatchObject({ code: 'output_failed', exitCode: 5 });
    expect(await namesIn(folder)).toEqual(['no-folder']);
  });
});
