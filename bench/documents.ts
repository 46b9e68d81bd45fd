/**
 * Reads PDF files of scanned pages beside the same pages as picture files, with one server and in turns. Prints pages a
 * second, CPU seconds a page, and the peak of memory of a fresh server for PDF files of several lengths; Linux only.
 *
 *   npm run build && node bench/run.js documents [--pages 100] [--repeats 3] [--lengths 10,100,500]
 *
 * Exits with 1 when a PDF file is read at less than 0.9 times the speed of its pages as pictures, or when the peak for the
 * longest file is above 1.2 times that for the shortest.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PDFDocument, type PDFImage } from '@cantoo/pdf-lib';
import getPort from 'get-port';
import sharp from 'sharp';
import { ocrhub, root, startServer, stopServer, type StartedServer } from './lib/ocrhub.js';
import { ProcessTree } from './lib/process-tree.js';
import { median } from './lib/statistics.js';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '100' },
    repeats: { type: 'string', default: '3' },
    lengths: { type: 'string', default: '10,100,500' },
  },
});
const pageCount = Number(values.pages);
const lengths = values.lengths.split(',').map(Number);
/** Requests for pictures in flight: enough that no process waits. */
const inFlight = 4;
const flags = ['--use_multiprocess', '--workers', '2', '--max_pages', '10000', '--max_memory', '16GiB'];

const home = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-documents-'));
try {
  ocrhub(home, 'install', 'ocr_system');
  const pictures = await makePictures();
  const speed = await withServer((server) => compare(server, pictures));
  console.log(
    `${pageCount} pages: PDF ${speed.pdf.toFixed(2)} pages/s, pictures ${speed.pictures.toFixed(2)} pages/s, ratio ${speed.ratio.toFixed(2)}; ` +
      `CPU-s a page ${speed.pdfCpu.toFixed(3)} and ${speed.picturesCpu.toFixed(3)}, ratio ${(speed.pdfCpu / speed.picturesCpu).toFixed(2)}`,
  );
  const peaks: number[] = [];
  for (const length of lengths) {
    const pdf = await makePdf(pictures, length);
    const peak = await withServer(async (server) => {
      await readPdf(server, pdf, length);
      return new ProcessTree(server.pid).peakBytes() / 1e6;
    });
    peaks.push(peak);
    console.log(`${length} pages, ${(pdf.length / 1e6).toFixed(1)} MB: peak ${peak.toFixed(0)} MB`);
  }
  const growth = (peaks.at(-1) ?? NaN) / (peaks[0] ?? NaN);
  console.log(`peak for ${lengths.at(-1)} pages / peak for ${lengths[0]} pages: ${growth.toFixed(2)}`);
  process.exitCode = speed.ratio >= 0.9 && growth <= 1.2 ? 0 : 1;
} finally {
  await rm(home, { recursive: true, force: true });
}

interface Speed {
  readonly pdf: number;
  readonly pictures: number;
  readonly ratio: number;
  readonly pdfCpu: number;
  readonly picturesCpu: number;
}

/** The two ways take turns; the figures are medians. */
async function compare(server: StartedServer, pictures: readonly Buffer[]): Promise<Speed> {
  const pdf = await makePdf(pictures, pageCount);
  const tree = new ProcessTree(server.pid);
  const runs = { pdf: [] as Run[], pictures: [] as Run[] };
  await readPictures(server, pictures, pictures.length);
  for (let i = 0; i < Number(values.repeats); i++) {
    runs.pdf.push(await timed(tree, () => readPdf(server, pdf, pageCount)));
    runs.pictures.push(await timed(tree, () => readPictures(server, pictures, pageCount)));
  }
  const rate = (of: readonly Run[]): number => pageCount / median(of.map(({ seconds }) => seconds));
  const cpu = (of: readonly Run[]): number => median(of.map(({ cpuSeconds }) => cpuSeconds)) / pageCount;
  const ratios = runs.pdf.map(({ seconds }, i) => (runs.pictures[i]?.seconds ?? NaN) / seconds);
  return {
    pdf: rate(runs.pdf),
    pictures: rate(runs.pictures),
    ratio: median(ratios),
    pdfCpu: cpu(runs.pdf),
    picturesCpu: cpu(runs.pictures),
  };
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(tree: ProcessTree, work: () => Promise<void>): Promise<Run> {
  const [start, cpu] = [performance.now(), tree.cpuSeconds()];
  await work();
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: tree.cpuSeconds() - cpu };
}

async function withServer<T>(use: (server: StartedServer) => Promise<T>): Promise<T> {
  const server = startServer(home, String(await getPort()), 'ocr_system', ...flags);
  try {
    return await use(server);
  } finally {
    stopServer(home, server.port);
  }
}

async function readPdf({ url }: StartedServer, pdf: Uint8Array, pages: number): Promise<void> {
  const answer = (await post(url, pdf, 'application/pdf')) as { pages: [{ result: unknown[] }[]] };
  const [read] = answer.pages;
  if (read.length !== pages || read.some(({ result }) => result.length === 0)) throw new Error('a page was not read');
}

async function readPictures({ url }: StartedServer, pictures: readonly Buffer[], pages: number): Promise<void> {
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < pages) {
      const answer = (await post(url, pictures[next++ % pictures.length] ?? Buffer.of(), 'image/jpeg')) as {
        results: unknown[][];
      };
      if (answer.results[0]?.length === 0) throw new Error('a page was not read');
    }
  };
  await Promise.all(Array.from({ length: inFlight }, send));
}

async function post(url: string, body: Uint8Array, type: string): Promise<unknown> {
  const request = { method: 'POST', body: Buffer.from(body), headers: { 'Content-Type': type } };
  const response = await fetch(`${url}/predict/ocr_system`, request);
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response.json();
}

/** The demo page as 20 scans that differ in size. */
async function makePictures(): Promise<Buffer[]> {
  const page = await readFile(path.join(root, 'test', 'fixtures', 'demo.jpg'));
  const { width } = await sharp(page).metadata();
  return Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      sharp(page)
        .resize(Math.round(width * (1 + i / 40)))
        .jpeg()
        .toBuffer(),
    ),
  );
}

/** A PDF file of scans at 150 pixels an inch. */
async function makePdf(pictures: readonly Buffer[], pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const images: PDFImage[] = [];
  for (const picture of pictures) images.push(await document.embedJpg(picture));
  for (let i = 0; i < pages; i++) {
    const image = images[i % images.length];
    if (image === undefined) throw new Error('there are no pictures');
    const [width, height] = [(image.width * 72) / 150, (image.height * 72) / 150];
    document.addPage([width, height]).drawImage(image, { x: 0, y: 0, width, height });
  }
  return document.save();
}
