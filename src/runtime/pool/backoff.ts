/** Seconds before the n-th restart in a row without a successful answer: 0, 1, 1, 2, 3, 5, 8 ... at most 60. */
export function restartDelay(failures: number): number {
  let [current, next] = [0, 1];
  for (let n = 1; n < failures; n++) [current, next] = [next, current + next];
  return Math.min(current, 60);
}

/** After this many failures in a row, crashes and failed starts, a pool without a working process has failed. */
export const maxFailures = 5;

/** How long a failed pool waits before it starts one process again. Seconds. */
export const failedRetryDelay = 60;
