import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Image } from '../../src/runtime/image/image.js';
import type { TextLine } from '../../src/runtime/ocr/text-line.js';
import { TextSystem } from '../../src/runtime/ocr/text-system.js';
import { root } from './ocrhub.js';

const folder = path.join(root, 'bench', 'out', 'readings');

/** Reads each picture once, with the default parameters in one thread. What was read is kept in bench/out/readings. */
export class ReadingCache {
  #system: Promise<TextSystem> | undefined;

  /** `bytes` identify the picture; it is decoded only if it was not read before. */
  async read(bytes: Uint8Array, decode: () => Promise<Image>): Promise<readonly TextLine[]> {
    const file = path.join(folder, `${createHash('sha256').update(bytes).digest('hex')}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as TextLine[];
    this.#system ??= TextSystem.create();
    const lines = await (await this.#system).read(await decode());
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(lines));
    return lines;
  }

  async dispose(): Promise<void> {
    await (await this.#system)?.dispose();
  }
}
