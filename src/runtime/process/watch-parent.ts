import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent has died, also while an inference blocks its event loop: a thread asks once a
 * second whether the parent is still there, and kills the process when it is not.
 */
export function watchParent(): void {
  // An idle process notices at once, through the closed channel.
  process.once('disconnect', () => process.exit(0));
  if (!process.connected) process.exit(0);
  const watcher = new Worker(watch, {
    eval: true,
    workerData: process.ppid,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  watcher.unref();
}

// An orphan gets another parent; only Windows leaves it the old one's number.
const watch = `
const { workerData: parent } = require('node:worker_threads');
const isGone = () => {
  try { process.kill(parent, 0); return false; } catch (error) { return error.code !== 'EPERM'; }
};
setInterval(() => {
  if (process.ppid !== parent || (process.platform === 'win32' && isGone())) process.kill(process.pid, 'SIGKILL');
}, 1000);
`;
