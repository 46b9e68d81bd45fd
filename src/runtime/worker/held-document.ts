import type { Document } from '../document/document.js';

/**
 * The document that the latest page came from. Its next pages need no bytes and no parsing. A process holds one, so that its
 * memory does not grow with the number of requests.
 */
export class HeldDocument {
  #held: { readonly file: number; readonly document: Document } | undefined;

  get file(): number | undefined {
    return this.#held?.file;
  }

  get(file: number): Document | undefined {
    return this.#held?.file === file ? this.#held.document : undefined;
  }

  /** Closes the document that was held before. */
  keep(file: number, document: Document): void {
    if (this.#held?.document === document) return;
    this.#held?.document.close();
    this.#held = { file, document };
  }

  release(file: number): void {
    if (this.#held?.file !== file) return;
    this.#held.document.close();
    this.#held = undefined;
  }
}
