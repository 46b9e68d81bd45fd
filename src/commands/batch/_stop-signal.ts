import { onLostOutput } from '../../runtime/process/lost-output.js';

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Of a process that such a signal ends; undefined if none came. */
  readonly exitCode: number | undefined;
  /** The signals end the process at once again. */
  release(): void;
}

/** Those of a shell, for a program that the signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 } as const;

/** Ctrl-C, SIGTERM and the end of the reader of the output stop a run in order; a second signal ends the process at once. */
export function onStopSignal(tell: (text: string) => void): StopSignal {
  const controller = new AbortController();
  const stop: { signal: AbortSignal; exitCode: number | undefined; release: () => void } = {
    signal: controller.signal,
    exitCode: undefined,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
    },
  };
  const onSignal = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (stop.exitCode !== undefined) process.exit(exitCodes[name]);
    stop.exitCode = exitCodes[name];
    tell('Stopping; what was read is kept. Once more to stop at once');
    controller.abort(new Error('the run was stopped'));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  onLostOutput(() => {
    stop.exitCode ??= exitCodes.SIGPIPE;
    controller.abort(new Error('the output of the run cannot be written'));
  });
  return stop;
}
