import { writeSync } from 'node:fs';
import { execute } from '@oclif/core';
import { OcrHubError } from './runtime/errors/error.js';

/** Runs the command line. `entry` is the URL of the file in bin/. */
export async function main(args: string[], entry: string): Promise<void> {
  // oclif ignores EPIPE, and throws every other error out of its own listener.
  process.stdout.prependListener('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') endWith(new OcrHubError('output_unwritable', { problem: error.message }));
  });
  await execute({ args, dir: entry });
}

function endWith({ message, hint, exitCode }: OcrHubError): never {
  writeSync(process.stderr.fd, `Error: ${message}\n${hint}\n`);
  process.exit(exitCode);
}
