/**
 * How much is tried. Each is a variable of the environment:
 *
 *   FUZZ_SEED    decides all cases; the same seed gives the same cases. Default: 1.
 *   FUZZ_SCALE   1 is 20,000 pictures, 5,000 requests and 4,000 settings; .05 takes about a minute. Default: 1.
 *   FUZZ_ONLY    the number of one picture, to try that one alone.
 *   FUZZ_RUNS    1: each hostile PDF file is also read by `ocrhub run`, which may take 30 s of each. Default: 8, each eighth.
 */
export const seed = Number(process.env['FUZZ_SEED'] ?? 1);
export const only = process.env['FUZZ_ONLY'] === undefined ? undefined : Number(process.env['FUZZ_ONLY']);

export const everyRun = Number(process.env['FUZZ_RUNS'] ?? 8);

/** @param full how many at scale 1 */
export function scaled(full: number): number {
  return Math.max(1, Math.round(full * Number(process.env['FUZZ_SCALE'] ?? 1)));
}
