/** An answer without what may differ between two answers to one request: times, ids, the size of a header of lengths. */
export type Comparable = string;

/**
 * Makes answers comparable. What differs between two answers to the same request, asked one after the other, counts as a time or
 * an id, and is left out.
 */
export class Comparison {
  readonly #volatile: ReadonlySet<string>;
  readonly #expected: Comparable;

  /** @throws Error if nothing is left to compare */
  constructor(one: string, other: string) {
    const [first, second] = [leavesOf(one), leavesOf(other)];
    this.#volatile = new Set(
      [...first]
        .filter(
          ([path, value]) =>
            second.get(path) !== value ||
            /(^|\.)(id|\w*id|\w*url|\w*time|created\w*|last\w*|timestamp\w*|elapse\w*|\w*duration\w*)(\.|$)/i.test(
              path,
            ),
        )
        .map(([path]) => path),
    );
    this.#expected = this.#comparable(first);
    if (!/\p{L}{3}/u.test(this.#expected)) throw new Error(`nothing is left to compare: ${one.slice(0, 500)}`);
  }

  isEqual(answer: string): boolean {
    return this.#comparable(leavesOf(answer)) === this.#expected;
  }

  #comparable(leaves: ReadonlyMap<string, string>): Comparable {
    return JSON.stringify([...leaves].filter(([path]) => !this.#volatile.has(path)));
  }
}

/** The values in JSON, or the rows of another text, each with its place. */
function leavesOf(text: string): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const add = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) leaves.set(path, String(value));
    else for (const [name, inner] of Object.entries(value)) add(inner, `${path}.${name}`);
  };
  try {
    add(JSON.parse(text), '');
  } catch {
    for (const [row, content] of text.split('\n').entries()) leaves.set(String(row), content);
  }
  return leaves;
}
