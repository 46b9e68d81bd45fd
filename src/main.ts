import { execute } from '@oclif/core';

/** Runs the command line. `entry` is the URL of the file in bin/. */
export async function main(args: string[], entry: string): Promise<void> {
  await execute({ args, dir: entry });
}
