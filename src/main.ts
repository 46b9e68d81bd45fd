import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execute } from '@oclif/core';
import { OcrHubError } from './runtime/errors/error.js';
import { maxOpenFiles } from './runtime/process/open-files.js';
import { watchOutput } from './runtime/process/lost-output.js';

/** Runs the command line. `entry` is the URL of the file in bin/. */
export async function main(args: string[], entry: string): Promise<void> {
  watchOutput((error) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    endWith(new OcrHubError('output_unwritable', { problem: error.message }));
  });
  const limit = maxOpenFiles();
  if (limit !== undefined && limit < leastOpenFiles)
    endWith(new OcrHubError('open_files_few', { limit, least: leastOpenFiles }));
  // oclif would run the code of plugins that a file in the user's data folder names; ocrhub has none.
  const loadOptions = { root: fileURLToPath(entry), userPlugins: false, devPlugins: false };
  await execute({ args, loadOptions });
}

/** A server of one module starts and answers with 80. With fewer, Node fails while it reads the program. */
const leastOpenFiles = 128;

function endWith({ message, hint, exitCode }: OcrHubError): never {
  try {
    writeSync(process.stderr.fd, `Error: ${message}\n${hint}\n`);
  } catch {
    // Standard error is full or closed too; the exit code says that the command failed.
  }
  process.exit(exitCode);
}
