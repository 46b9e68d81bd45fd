import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/**
 * For `catch`: the system names both files of a copy that failed, the source as the `path` of the error, and does not say which of them
 * failed. The error gets the path of the copy if the source can be read.
 */
export async function namingCopy(error: unknown): Promise<never> {
  const { syscall, path: source, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const isTarget = syscall === 'copyfile' && source !== undefined && dest !== undefined && (await isReadable(source));
  throw isTarget ? Object.assign(error as Error, { path: dest }) : error;
}

/** Whether a file can be read to its end: a broken disk may open it and fail later. */
async function isReadable(file: string): Promise<boolean> {
  return finished(createReadStream(file).resume()).then(
    () => true,
    () => false,
  );
}
