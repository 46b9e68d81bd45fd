import { readFileSync } from 'node:fs';

/**
 * Compares texts with labels, summed over pictures.
 *
 * Word F1: upper-cased words, split at white space, as a multiset against the labels' words. Line recall: the share of
 * labelled lines whose upper-cased text without spaces equals that of a line read, each line read used once.
 */
export class Score {
  #words = { common: 0, read: 0, labelled: 0 };
  #lines = { common: 0, labelled: 0 };

  add(texts: readonly string[], labels: readonly string[]): void {
    const [read, labelled] = [texts.flatMap(wordsOf), labels.flatMap(wordsOf)];
    this.#words.common += common(read, labelled);
    this.#words.read += read.length;
    this.#words.labelled += labelled.length;
    this.#lines.common += common(texts.map(bare), labels.map(bare));
    this.#lines.labelled += labels.length;
  }

  /** 0 to 1; NaN without words and labels. */
  get wordF1(): number {
    return (2 * this.#words.common) / (this.#words.read + this.#words.labelled);
  }

  /** 0 to 1; NaN without a labelled line. */
  get lineRecall(): number {
    return this.#lines.common / this.#lines.labelled;
  }
}

/** The texts of a file of labels: a line `x1,y1,x2,y2,x3,y3,x4,y4,TEXT` per text line; TEXT may hold commas. */
export function readLabels(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(',').slice(8).join(','));
}

function wordsOf(text: string): string[] {
  return text.toUpperCase().split(/\s+/).filter(Boolean);
}

function bare(text: string): string {
  return text.toUpperCase().replace(/\s+/g, '');
}

/** The number of items in the intersection of two multisets. */
function common(left: readonly string[], right: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const item of left) counts.set(item, (counts.get(item) ?? 0) + 1);
  return right.filter((item) => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count > 0;
  }).length;
}
