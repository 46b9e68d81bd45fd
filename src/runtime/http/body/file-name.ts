/** The name of a file that a client sent, without folders, which some browsers send. */
export function sentFileName(name: string): string {
  return name.replace(/^.*[\\/]/s, '').slice(0, maxLength);
}

/** Answers and kept jobs hold it. */
const maxLength = 255;
