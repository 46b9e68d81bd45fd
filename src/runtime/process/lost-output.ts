/** What happens when standard output takes no more. */
export type LostOutput = (error: NodeJS.ErrnoException) => void;

let react: LostOutput | undefined;

/**
 * Sets what happens when the reader of standard output has gone (EPIPE), or when it cannot be written. By default the command ends
 * at once: quietly if the reader has gone, as `head` does when it has its lines.
 */
export function onLostOutput(action: LostOutput): void {
  react = action;
}

/** Watches standard output. Diagnostics that standard error does not take are dropped. */
export function watchOutput(otherwise: LostOutput): void {
  // That of oclif would throw.
  process.stdout.removeAllListeners('error').on('error', (error: NodeJS.ErrnoException) => {
    (react ?? otherwise)(error);
  });
  process.stderr.on('error', () => undefined);
}
