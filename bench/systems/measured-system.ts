import type { Measured } from '../report/comparison.js';
import { readLabels, Score } from '../lib/score.js';
import type { System } from './system.js';
import { SystemProcess } from './system-process.js';

/** A running system and the sums of its readings. */
export class MeasuredSystem {
  readonly system: System;
  readonly #process: SystemProcess;
  readonly #score = new Score();
  readonly #sums = { cpu: 0, wall: 0, receipts: 0 };

  private constructor(system: System, process: SystemProcess) {
    this.system = system;
    this.#process = process;
  }

  /**
   * Installs and starts the system and has it read one picture that does not count.
   *
   * @throws Error with the reason if the system cannot be measured here
   */
  static async start(system: System, warmUp: string): Promise<MeasuredSystem> {
    const process = await SystemProcess.start(system.install());
    try {
      await process.read(warmUp);
    } catch (error) {
      process.stop();
      throw error;
    }
    return new MeasuredSystem(system, process);
  }

  /** @throws Error if the picture was not read or the process has ended */
  async read(receipt: string, labels: string): Promise<void> {
    const { texts, cpuSeconds, wallSeconds } = await this.#process.read(receipt);
    this.#sums.cpu += cpuSeconds;
    this.#sums.wall += wallSeconds;
    this.#sums.receipts += 1;
    this.#score.add(texts, readLabels(labels));
  }

  result(): Measured {
    const { cpu, wall, receipts } = this.#sums;
    return {
      name: this.system.name,
      isOurs: this.system.isOurs,
      ...this.#process.ready,
      cpuSeconds: cpu / receipts,
      wallSeconds: wall / receipts,
      peakMB: this.#process.peakBytes() / 1e6,
      wordF1: this.#score.wordF1,
      lineRecall: this.#score.lineRecall,
    };
  }

  stop(): void {
    this.#process.stop();
  }
}
