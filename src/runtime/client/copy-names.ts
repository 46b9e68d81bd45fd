import path from 'node:path';

/**
 * Where the drawn copy of each picture goes: `<folder>/<name>.png`, and `<name>-2.png` for the next one of that name
 * from another folder. No copy takes the place of another one, nor of a picture that is sent.
 *
 * @returns a path for each of `files`, in their order; the same for the same list
 */
export function copyNames(files: readonly string[], folder: string): string[] {
  // Some file systems take no notice of case.
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
