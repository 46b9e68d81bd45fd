import path from 'node:path';

/**
 * Names the drawn copy of each picture: `<folder>/<name>.png`, and `<folder>/<name>-2.png` for the next picture of that
 * name from another folder. No copy overwrites another copy or a picture that is sent.
 *
 * @returns a path for each of `files`, in their order; equal lists get equal paths
 */
export function copyNames(files: readonly string[], folder: string): string[] {
  // Some file systems ignore case.
  const placeOf = (file: string): string => path.resolve(file).toLowerCase();
  const taken = new Set(files.map(placeOf));
  return files.map((file) => {
    const stem = path.join(folder, path.basename(file));
    let copy = `${stem}.png`;
    for (let count = 2; taken.has(placeOf(copy)); count++) copy = `${stem}-${count}.png`;
    taken.add(placeOf(copy));
    return copy;
  });
}
