import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { pagesOf } from '../../../src/runtime/batch/plan/page-count.js';
import { Plan, planRun } from '../../../src/runtime/batch/plan/plan.js';
import { FolderSource } from '../../../src/runtime/batch/source/folder-source.js';
import { FolderStore } from '../../../src/runtime/batch/store/folder-store.js';
import { makePdf } from '../../helpers/pdf.js';
import { identity, temporaryFolder } from './helpers.js';

async function folderWith(files: Readonly<Record<string, Uint8Array | string>>): Promise<FolderSource> {
  const folder = path.join(await temporaryFolder(), 'in');
  await mkdir(folder);
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);
  return FolderSource.open(folder, path.join(folder, '..', 'out'));
}

/** A file of as many pages, without the table that says where they are: the library searches the whole file. */
async function slowPdf(pages: number): Promise<Uint8Array> {
  const whole = Buffer.from(
    await makePdf(
      Array.from({ length: pages }, () => ({})),
      { isPlain: true },
    ),
  );
  const text = whole.toString('latin1').replace(/startxref\s+\d+/, 'startxref\n1');
  return Buffer.concat([
    Buffer.from(text, 'latin1'),
    Buffer.from(`%${' '.repeat(64)}\n`.repeat(300_000)),
    Buffer.from('%%EOF\n'),
  ]);
}

it('a PDF that takes too long to open counts as one page, and does not keep the planner', async () => {
  const source = await folderWith({ 'slow.pdf': await slowPdf(20) });
  expect(await pagesOf(source, 'slow.pdf', { pages: undefined })).toHaveLength(20);
  expect(await pagesOf(source, 'slow.pdf', { pages: undefined, maxSeconds: 0.001 })).toEqual([1]);
});

it('files that no library can open count as one page each, between files that are counted', async () => {
  const good = await makePdf([{}, {}, {}]);
  const source = await folderWith({
    'a.pdf': good,
    'b.pdf': good.slice(0, good.length / 2),
    'c.pdf': '%PDF-1.7\nnothing\n%%EOF',
    'd.pdf': await makePdf([{}], { password: 'secret' }),
    'e.tiff': 'II*\0nothing',
    'f.pdf': '',
    'g.png': 'x',
    'h.pdf': good,
  });
  const store = new FolderStore(path.join(await temporaryFolder(), 'out'));
  const planning = { counting: { pages: undefined }, events: { planned: () => undefined } };
  const run = await planRun(store, source, identity, planning);
  const lines = await new Plan(store, { ...run, unitPages: 32 }).unit(0);
  expect(lines.map(({ src, page }) => `${src} ${page}`)).toEqual([
    ...['a.pdf 1', 'a.pdf 2', 'a.pdf 3', 'b.pdf 1', 'c.pdf 1', 'd.pdf 1', 'e.tiff 1', 'f.pdf 1', 'g.png 1'],
    ...['h.pdf 1', 'h.pdf 2', 'h.pdf 3'],
  ]);
});
