export interface DrainSignal {
  /** Aborted by the first signal: nothing new is taken. */
  readonly drain: AbortSignal;
  /** Aborted by the second one, or when the grace has passed: what is in work is given back. */
  readonly stop: AbortSignal;
  release(): void;
}

const names = ['SIGINT', 'SIGTERM'] as const;

/**
 * SIGTERM and Ctrl-C let a worker finish what it has, for `graceMs`; a second one stops it, and a third one ends the process at once.
 */
export function onDrainSignal(graceMs: number, tell: (text: string) => void): DrainSignal {
  const drain = new AbortController();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(1);
    if (drain.signal.aborted) {
      tell('Giving back what is in work');
      stop.abort(new Error('the worker was stopped'));
      return;
    }
    tell(`Finishing what is in work, for ${graceMs / 1000} s at most. Once more to give it back at once`);
    drain.abort(new Error('the worker was stopped'));
    timer = setTimeout(() => stop.abort(new Error('the worker was stopped')), graceMs);
  };
  for (const name of names) process.on(name, onSignal);
  return {
    drain: drain.signal,
    stop: stop.signal,
    release: () => {
      clearTimeout(timer);
      for (const name of names) process.off(name, onSignal);
    },
  };
}
