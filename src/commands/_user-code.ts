/**
 * Runs a module's code in this process, where it may print and even end the process. With `json`, what it prints goes
 * to stderr. If it ends the process, `onExit` is called and may set the exit code.
 */
export async function runUserCode<T>(
  work: () => Promise<T>,
  { json, onExit }: { readonly json: boolean; readonly onExit: (code: number) => void },
): Promise<T> {
  const write = process.stdout.write.bind(process.stdout);
  if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
  const restoreStdout = (): void => {
    process.stdout.write = write;
  };
  const listener = (code: number): void => {
    restoreStdout();
    onExit(code);
  };
  process.once('exit', listener);
  try {
    return await work();
  } finally {
    process.off('exit', listener);
    restoreStdout();
  }
}
