import { WatchedProcess } from './watched-process.js';

const intervalMs = 50;

/** What a process used, also if it ends before it can be asked: it is looked at twenty times a second until `stop`. */
export class SampledProcess {
  readonly #watched: WatchedProcess;
  readonly #timer: NodeJS.Timeout;
  /** User and system time since the beginning. */
  cpuSeconds = 0;
  /** By how much the peak of resident memory was above that at the beginning. */
  peakMegabytes = 0;

  constructor(pid: number) {
    this.#watched = new WatchedProcess(pid);
    this.#timer = setInterval(() => this.#look(), intervalMs);
  }

  stop(): void {
    this.#look();
    clearInterval(this.#timer);
  }

  #look(): void {
    const [cpuSeconds, peakMegabytes] = [this.#watched.cpuSeconds(), this.#watched.peakMegabytes()];
    if (!Number.isFinite(cpuSeconds) || !Number.isFinite(peakMegabytes)) return;
    Object.assign(this, { cpuSeconds, peakMegabytes });
  }
}
