import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent has died, also while an inference blocks its event loop: a thread asks four
 * times a second whether the parent is still there, and kills the process when it is not.
 */
export function watchParent(): void {
  // An idle process notices at once, through the closed channel.
  process.once('disconnect', () => process.exit(0));
  const watcher = new Worker(watch, {
    eval: true,
    workerData: process.ppid,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  watcher.unref();
}

const watch = `
const { workerData: parent } = require('node:worker_threads');
setInterval(() => {
  let alive = process.ppid === parent;
  try { process.kill(parent, 0); } catch (error) { alive = alive && error.code === 'EPERM'; }
  if (!alive) process.kill(process.pid, 'SIGKILL');
}, 250);
`;
