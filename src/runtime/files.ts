import writeFile from 'write-file-atomic';

/** Writes a whole file or leaves the old one: into a temporary file beside it, flushed, then renamed. */
export async function writeFileAtomic(file: string, text: string, mode?: number): Promise<void> {
  await writeFile(file, text, mode === undefined ? {} : { mode });
}
