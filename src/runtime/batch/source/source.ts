/** Where the pictures and documents of a run come from. */
export interface Source {
  /** As the user named it. */
  readonly name: string;
  /**
   * The files, in an order that is the same each time.
   *
   * @throws OcrHubError `file_not_found`, `file_unreadable`, `folder_without_pictures`
   */
  list(): AsyncIterable<SourceFile>;
  /**
   * The first bytes of a file, which tell whether it has pages. Undefined where they would cost a request: the name must do.
   */
  head(src: string): Promise<Uint8Array | undefined>;
  /**
   * @param maxBytes a larger file is refused before memory is allocated
   * @throws OcrHubError `file_not_found`, `file_unreadable` for this file; any other error means that the source is away
   */
  read(src: string, maxBytes?: number): Promise<ReadFile>;
}

export interface SourceFile {
  /** Names the file in the source: a path from its folder, or the whole path. */
  readonly src: string;
  /** Changes with the content: size and time, or an ETag. */
  readonly stamp: string;
}

export interface ReadFile {
  readonly bytes: Buffer;
  readonly stamp: string;
}
