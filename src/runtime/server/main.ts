import { OcrHubError } from '../errors/error.js';
import { homeError } from '../config/home.js';
import { loadMessage } from '../pool/messages.js';
import { stoppedBeforeReady } from '../pool/supervisor.js';
import { prespawnWorker, sendLoadToPrespawned } from '../pool/spawn-worker.js';
import type { StartedMessage, StartMessage } from '../servers/start-messages.js';
import { serverTitle } from '../process/title.js';

/* Entry of a detached server: receives its options from the command that starts it, and reports when it is ready. */

process.title = serverTitle;
process.once('message', (message: StartMessage) => void main(message));
// The command was interrupted before the server was ready.
const exitAbandoned = (): never => process.exit(1);
process.once('disconnect', exitAbandoned);
if (!process.connected) exitAbandoned();

// The slowest step first: the worker imports the engine while the command resolves the options, and opens the models while
// this process imports the HTTP side.
prespawnWorker();

async function main({ home, options }: StartMessage): Promise<void> {
  try {
    sendLoadToPrespawned(loadMessage(home, options));
    const { runServer } = await import('./run-server.js');
    const { state, warning, ended } = await runServer(home, options, false);
    process.removeListener('disconnect', exitAbandoned);
    // The command that waits for the server has none.
    reply(state === undefined ? { error: stoppedBeforeReady().toJSON() } : { state, warning });
    process.exit(await ended);
  } catch (error) {
    const known = OcrHubError.is(error) ? error : (homeError(home, error) ?? internalError(error));
    reply({ error: known.toJSON() }, () => process.exit(known.exitCode));
  }
}

/** The message includes the stack, because the log may be incomplete when the process exits. */
function internalError(error: unknown): OcrHubError {
  return new OcrHubError('internal', { problem: String((error as Error).stack ?? error) }, { cause: error });
}

function reply(message: StartedMessage, onSent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, {}, onSent);
  else onSent();
}
