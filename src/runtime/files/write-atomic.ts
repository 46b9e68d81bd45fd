import writeFile from 'write-file-atomic';

interface HowToWrite {
  readonly mode?: number;
  /** Left out: true. Without it the file may be empty after the machine has lost its power. */
  readonly fsync?: boolean;
}

/** Writes a whole file or leaves the old one: into a temporary file beside it, flushed, then renamed. */
export async function writeFileAtomic(file: string, content: string | Buffer, how: HowToWrite = {}): Promise<void> {
  await writeFile(file, content, how);
}

/** The names that a write of `name` which was broken off may have left something under, beside it. */
export function draftNames(name: string): RegExp {
  return new RegExp(`^${name.replaceAll('.', '\\.')}\\.\\d+$`);
}
