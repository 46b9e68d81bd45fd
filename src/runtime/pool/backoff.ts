/** Seconds before the n-th restart in a row without a good answer: 0, 1, 1, 2, 3, 5, 8 ... at most 60. */
export function restartDelay(deaths: number): number {
  let [current, next] = [0, 1];
  for (let n = 1; n < deaths; n++) [current, next] = [next, current + next];
  return Math.min(current, 60);
}

/** Deaths in a row, also while starting, after which a pool is no longer ready, if no process is left that works. */
export const deathsUntilFailed = 5;

/** How long a failed pool waits before it tries one process again. Seconds. */
export const failedPause = 60;
