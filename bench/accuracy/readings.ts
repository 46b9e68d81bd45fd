import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/ocrhub.js';
import type { Region } from '../systems/system-process.js';
import { SystemProcess } from '../systems/system-process.js';
import type { System } from '../systems/system.js';

/** What a system read on a picture, and what it cost. */
export interface PictureReading {
  readonly texts: readonly string[];
  readonly boxes: readonly Region[];
  readonly cpuSeconds: number;
}

const kept = path.join(root, 'bench', 'out', 'accuracy', 'readings');

/**
 * A system that reads pictures when it is asked. The readings of rivals are kept in bench/out/accuracy/readings: they change only
 * with their versions, which their names hold. ocrhub reads anew.
 */
export class ReadingSystem {
  readonly system: System;
  readonly #warmUp: string;
  #process: Promise<SystemProcess> | undefined;

  /** @param warmUp a picture that is read first and does not count */
  constructor(system: System, warmUp: string) {
    this.system = system;
    this.#warmUp = warmUp;
  }

  /** @throws Error with the reason if the system cannot be installed or does not read the picture */
  async read(file: string): Promise<PictureReading> {
    const sum = createHash('sha256').update(this.system.name).update(readFileSync(file)).digest('hex');
    const keptFile = path.join(kept, `${sum}.json`);
    if (!this.system.isOurs && existsSync(keptFile))
      return JSON.parse(readFileSync(keptFile, 'utf8')) as PictureReading;
    this.#process ??= this.#start();
    const { texts, boxes, cpuSeconds } = await (await this.#process).read(file);
    if (!this.system.isOurs) {
      mkdirSync(kept, { recursive: true });
      writeFileSync(keptFile, JSON.stringify({ texts, boxes, cpuSeconds }));
    }
    return { texts, boxes, cpuSeconds };
  }

  async stop(): Promise<void> {
    await this.#process?.then(
      (process) => process.stop(),
      () => undefined,
    );
  }

  async #start(): Promise<SystemProcess> {
    const process = await SystemProcess.start(this.system.install());
    await process.read(this.#warmUp);
    return process;
  }
}
