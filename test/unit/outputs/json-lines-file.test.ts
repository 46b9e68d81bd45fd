import { open as openFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JsonLinesFile } from '../../../src/runtime/outputs/json-lines-file.js';
import { temporaryFolder } from '../../helpers/home.js';
import { namedInput } from '../../helpers/inputs.js';

const open = (output: string, resume = false): Promise<JsonLinesFile> =>
  JsonLinesFile.open(output, { inputs: [namedInput('a.jpg')], resume });

async function fileWith(content: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'results.jsonl');
  await writeFile(file, content);
  return file;
}

const failed = '{"file":"b.jpg","error":{"code":"image_unreadable"}}\n';

describe('JsonLinesFile', () => {
  it('has a line as soon as it is written, and replaces an earlier file', async () => {
    const file = await fileWith('old\n');
    const lines = await open(file);
    lines.write({ file: 'a.jpg', text: 'two\nlines' });
    expect(await readFile(file, 'utf8')).toBe('{"file":"a.jpg","text":"two\\nlines"}\n');
    lines.write({ file: 'b.jpg' });
    lines.close();
    expect(await readFile(file, 'utf8')).toContain('\n{"file":"b.jpg"}\n');
  });

  it('continues after the results of an earlier run, without its failures and the line that was cut off', async () => {
    const file = await fileWith(`{"file":"a.jpg","ms":1}\n${failed}{"file":"c.j`);
    const lines = await open(file, true);
    expect([...lines.done]).toEqual(['a.jpg']);
    lines.write({ file: 'b.jpg' });
    lines.close();
    expect(await readFile(file, 'utf8')).toBe('{"file":"a.jpg","ms":1}\n{"file":"b.jpg"}\n');
  });

  it('keeps the results of an earlier run in the file until the new file is whole', async () => {
    const content = `{"file":"a.jpg","ms":1}\n${failed}`;
    const file = await fileWith(content);
    const before = await openFile(file);
    const lines = await open(file, true);
    lines.close();
    // The old file was replaced and not emptied: who has it open still reads it.
    expect(await before.readFile('utf8')).toBe(content);
    await before.close();
  });

  it('has the whole lines of two runs that write to it at once', async () => {
    const file = await fileWith('');
    const [first, second] = [await open(file), await open(file)];
    first.write({ file: 'a.jpg' });
    second.write({ file: 'b.jpg', ms: 1 });
    first.write({ file: 'c.jpg' });
    first.close();
    second.close();
    expect(await readFile(file, 'utf8')).toBe('{"file":"a.jpg"}\n{"file":"b.jpg","ms":1}\n{"file":"c.jpg"}\n');
  });

  it('starts a file that does not exist', async () => {
    const lines = await open(path.join(await temporaryFolder(), 'new', 'results.jsonl'), true);
    expect([...lines.done]).toEqual([]);
    lines.close();
  });

  it.each(['notes\n', '{"text":"no file"}\n', '[]\n', `${failed}\n`])(
    'does not continue a file with other lines, and leaves it as it is: %j',
    async (content) => {
      const file = await fileWith(content);
      await expect(open(file, true)).rejects.toMatchObject({ code: 'output_refused', exitCode: 2 });
      expect(await readFile(file, 'utf8')).toBe(content);
    },
  );

  it('is refused if it is a file that is read', async () => {
    await expect(open('./a.jpg')).rejects.toThrow('a.jpg cannot be written: it is a file that is read');
  });

  it('is refused if it is a folder', async () => {
    await expect(open(await temporaryFolder())).rejects.toMatchObject({ code: 'output_failed' });
  });
});
