/**
 * Runs code of a module in this process, where it may do what a program of its own may: what it prints is kept out of
 * `--json`, and when it ends the process, `ended` has the last word, and sets the exit code.
 */
export async function asGuest<T>(
  work: () => Promise<T>,
  { json, ended }: { readonly json: boolean; readonly ended: (code: number) => void },
): Promise<T> {
  const print = process.stdout.write.bind(process.stdout);
  if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
  const giveBack = (): void => {
    process.stdout.write = print;
  };
  const last = (code: number): void => {
    giveBack();
    ended(code);
  };
  process.once('exit', last);
  try {
    return await work();
  } finally {
    process.off('exit', last);
    giveBack();
  }
}
