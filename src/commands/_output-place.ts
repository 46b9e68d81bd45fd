import { Errors } from '@oclif/core';

/**
 * Reads the flag of the place where results go. A file of the name - would surprise those who mean standard output.
 *
 * @throws CLIError with the next step
 */
export function parseOutputPlace(place: string): Promise<string> {
  if (place !== '-') return Promise.resolve(place);
  throw new Errors.CLIError('- names no place. Leave out the flag for the default, or name a file: ./-');
}
