import { closeSync, constants, fstatSync, openSync } from 'node:fs';

/** How often it is asked. */
const everyMs = 1000;

/**
 * Reports the loss of standard output's reader as a write would, for a command that may write nothing for hours. Only Linux tells it
 * without a write, and of pipes alone; elsewhere the next line that is written does.
 */
export function watchReader(): void {
  if (process.platform !== 'linux') return;
  const timer = setInterval(() => {
    if (!isReaderGone()) return;
    clearInterval(timer);
    process.stdout.emit('error', Object.assign(new Error('the reader of standard output has gone'), { code: 'EPIPE' }));
  }, everyMs);
  timer.unref();
}

/** A pipe without a reader cannot be opened for writing. */
function isReaderGone(): boolean {
  try {
    if (!fstatSync(1).isFIFO()) return false;
    closeSync(openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENXIO';
  }
}
