import { untilHealth, type TestServer } from '../helpers/server.js';

/** Waits until all processes of a server are idle, and answers the pid of the first. A process that was killed has no successor for a moment. */
export async function idleProcess(server: TestServer): Promise<number> {
  const { processes } = await untilHealth(
    server,
    'the processes are idle',
    (now) => now.processes.length > 0 && now.processes.every(({ state, pid }) => state === 'idle' && pid > 0),
  );
  return processes[0]?.pid ?? 0;
}
