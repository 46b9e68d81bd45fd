import type { AnsweredFile, AnsweredPage, RequestFile, UnreadableImage } from '../service/contract.js';
import type { OpenedFile, TaskFile } from './messages.js';

let nextId = 1;

/** A file of a request, and the pages of it that were read. */
export class FileProgress {
  readonly id = nextId++;
  readonly #file: RequestFile;
  #kind: AnsweredFile['kind'] = 'picture';
  readonly #pages: AnsweredPage[] = [];
  /** Number of pages to read; undefined until the file was opened. */
  #expected: number | undefined;
  #read = 0;
  #problem: UnreadableImage | undefined;
  #emptyEntry = 'null';
  /** Why decoding it was stopped. */
  #tooCostly: string | undefined;

  constructor(file: RequestFile) {
    this.#file = file;
  }

  get isComplete(): boolean {
    return this.#problem !== undefined || this.#read === this.#expected;
  }

  /** The pages to read of a document; 0 for a picture. */
  get documentPages(): number {
    return this.#kind === 'document' ? (this.#expected ?? 0) : 0;
  }

  /** Why the file could not be read. */
  get problem(): UnreadableImage | undefined {
    return this.#problem;
  }

  /** The entry of its first page; the module's empty entry if it could not be read. */
  get firstEntry(): string {
    return this.#problem === undefined ? (this.#pages[0]?.entry ?? 'null') : this.#emptyEntry;
  }

  /** Takes the pages that the first task has read; `entries` is empty for a module without entries. */
  start({ kind, pages, rest }: OpenedFile, entries: readonly string[]): void {
    this.#kind = kind;
    this.#expected = pages.length + rest.length;
    pages.forEach((page, place) => this.add(place, { ...page, entry: entries[place] }));
  }

  add(place: number, page: AnsweredPage): void {
    if (this.#problem !== undefined) return;
    this.#pages[place] = page;
    this.#read++;
  }

  fail(problem: UnreadableImage, emptyEntry: string): void {
    this.#problem = problem;
    this.#emptyEntry = emptyEntry;
    this.#pages.length = 0;
  }

  /** A process that gets the file again refuses it. */
  stopDecoding(reason: string): void {
    this.#tooCostly = reason;
  }

  get size(): number {
    return this.#file.bytes.byteLength;
  }

  toTaskFile(): TaskFile {
    return { id: this.id, bytes: this.#file.bytes, tooCostly: this.#tooCostly };
  }

  toDocument(): RequestFile & { readonly pages: readonly AnsweredPage[] } {
    return { ...this.#file, pages: this.#pages };
  }

  toAnswer(): AnsweredFile | null {
    return this.#problem === undefined ? { kind: this.#kind, pages: this.#pages } : null;
  }
}
