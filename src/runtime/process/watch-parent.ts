import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent has died. A thread checks the parent once a second, because an inference may
 * block the event loop of the main thread.
 */
export function watchParent(): void {
  // An idle process notices at once that the IPC channel is closed.
  process.once('disconnect', () => process.exit(0));
  if (!process.connected) process.exit(0);
  const watcher = new Worker(watchScript, {
    eval: true,
    workerData: process.ppid,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  watcher.unref();
}

// An orphan gets another parent id, except on Windows, where the id stays.
const watchScript = `
const { workerData: parent } = require('node:worker_threads');
const isGone = () => {
  try { process.kill(parent, 0); return false; } catch (error) { return error.code !== 'EPERM'; }
};
setInterval(() => {
  if (process.ppid !== parent || (process.platform === 'win32' && isGone())) process.kill(process.pid, 'SIGKILL');
}, 1000);
`;
