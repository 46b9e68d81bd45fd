import { isUtf8 } from 'node:buffer';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { OcrHubError } from '../errors/error.js';

/** The error for a file that could not be read: `file_not_found` if it does not exist, otherwise `file_unreadable`. */
export function toFileError(file: string, error: unknown): OcrHubError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    if (isThereUnderOtherBytes(file)) {
      const problem = 'its name is not UTF-8. Rename it, for example with convmv';
      return new OcrHubError('file_unreadable', { file, problem }, { cause: error });
    }
    return new OcrHubError('file_not_found', { file }, { cause: error });
  }
  return new OcrHubError('file_unreadable', { file, problem: message }, { cause: error });
}

/**
 * Whether the path has a part that is not UTF-8. Node.js puts U+FFFD in its place, in lists of folders and in arguments, and the
 * path leads nowhere then. Archives from Windows have such names in GBK or Shift JIS.
 */
function isThereUnderOtherBytes(file: string): boolean {
  const folder = path.dirname(file);
  if (folder === file || !file.includes(replacement)) return false;
  const name = path.basename(file);
  try {
    const names = readdirSync(folder, { encoding: 'buffer' });
    return name.includes(replacement) && names.some((each) => !isUtf8(each) && each.toString('utf8') === name);
  } catch {
    // The folder is the part with such a name.
    return isThereUnderOtherBytes(folder);
  }
}

/** What stands for bytes that are not UTF-8. */
const replacement = '\uFFFD';
