import type { OutageEvents } from '../store/patient-store.js';

/** What is away now: stores, inputs, brokers. Work waits for it. */
export class Outages implements OutageEvents {
  readonly #problems = new Map<string, string>();
  readonly #tell: (text: string) => void;

  /** @param tell called when something goes away or comes back */
  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  outageBegan(name: string, problem: string): void {
    const isKnown = this.#problems.has(name);
    this.#problems.set(name, problem);
    if (!isKnown) this.#tell(`${name} cannot be used; waiting: ${problem}`);
  }

  outageEnded(name: string): void {
    if (this.#problems.delete(name)) this.#tell(`${name} can be used again`);
  }

  /** Why work waits; undefined if it does not. */
  get reason(): string | undefined {
    if (this.#problems.size === 0) return undefined;
    return [...this.#problems].map(([name, problem]) => `${name} cannot be used: ${problem}`).join('; ');
  }
}
