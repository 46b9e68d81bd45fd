import { parseJsonLines, toJsonLines, type ResultLine, type TriedLine } from './result-line.js';
import type { Store } from '../store/store.js';

/**
 * The results of a run. `results/0000123.jsonl` has a line for each page of unit 123. Its name follows from the unit, so that a
 * unit that two workers read has one result. `failed/0000123` stands beside it if any of its lines is an error, and
 * `kept/0000123.jsonl` has the pages that were read of a unit without a result.
 */
export class Results {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The units that have a result. */
  done(): Promise<Set<number>> {
    return this.#units('results');
  }

  /** The units that have a result with errors in it. */
  async failed(): Promise<number[]> {
    const [marked, done] = await Promise.all([this.#units('failed'), this.done()]);
    return [...marked].filter((unit) => done.has(unit));
  }

  async has(unit: number): Promise<boolean> {
    return (await this.read(unit)) !== undefined;
  }

  /** Undefined for a unit without a result. */
  async read(unit: number): Promise<ResultLine[] | undefined> {
    const content = await this.#store.read(keyOf('results', unit));
    return content && parseJsonLines<ResultLine>(content);
  }

  /** @param lines one for each page of the unit, in its order */
  async write(unit: number, lines: readonly ResultLine[]): Promise<void> {
    // The mark comes first: a result with errors and no mark would not be found again.
    if (lines.some(({ status }) => status === 'error')) await this.#store.write(`failed/${nameOf(unit)}`, '');
    await this.#store.write(keyOf('results', unit), toJsonLines(lines));
    await this.#store.remove(keyOf('kept', unit));
  }

  async kept(unit: number): Promise<(ResultLine | TriedLine)[]> {
    const content = await this.#store.read(keyOf('kept', unit));
    return content === undefined ? [] : parseJsonLines(content);
  }

  /** Keeps what was read of a unit for the worker that takes it next. */
  keep(unit: number, lines: readonly (ResultLine | TriedLine)[]): Promise<void> {
    return this.#store.write(keyOf('kept', unit), toJsonLines(lines));
  }

  /**
   * Takes the result of a unit back, so that its failed pages are read again and the others are not.
   *
   * @returns how many pages are read again
   */
  async reopen(unit: number): Promise<number> {
    const lines = (await this.read(unit)) ?? [];
    const read = lines.filter(({ status }) => status === 'ok');
    // The mark is of an earlier result, whose retry was killed before it removed it.
    if (read.length === lines.length) {
      await this.#store.remove(`failed/${nameOf(unit)}`);
      return 0;
    }
    // In this order a kill in between leaves the old result, or a unit to read.
    await this.keep(unit, read);
    await this.#store.remove(keyOf('results', unit));
    await this.#store.remove(`failed/${nameOf(unit)}`);
    return lines.length - read.length;
  }

  async #units(folder: string): Promise<Set<number>> {
    const names = await this.#store.list(folder);
    return new Set(names.flatMap((name) => (unitName.test(name) ? [Number.parseInt(name, 10)] : [])));
  }
}

/** What a unit is called in keys. Names sort as their units do. */
export function nameOf(unit: number): string {
  return String(unit).padStart(7, '0');
}

const unitName = /^\d{7,}(\.jsonl)?$/;

function keyOf(folder: string, unit: number): string {
  return `${folder}/${nameOf(unit)}.jsonl`;
}
