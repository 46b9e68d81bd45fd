import { OcrHubError } from '../errors/error.js';
import { homeError } from '../config/home.js';
import { prespawnWorker, sendLoadToPrespawned } from '../pool/spawn-worker.js';
import { loadMessage } from '../pool/messages.js';
import type { StartedMessage, StartMessage } from '../servers/start-messages.js';

/* Entry of a detached server: gets its options from the command that started it, and says when it is ready. */

process.title = 'ocrhub server';
process.once('message', (message: StartMessage) => void main(message));
// The command was interrupted before the server was ready: nobody waits for it any more.
const abandoned = (): never => process.exit(1);
process.once('disconnect', abandoned);
if (!process.connected) abandoned();

// What takes longest comes first: the inference process imports the engine while the command finds out what is to be
// served, and opens the models while this process imports the HTTP side.
prespawnWorker();

async function main({ home, options }: StartMessage): Promise<void> {
  try {
    sendLoadToPrespawned(loadMessage(options));
    const { runServer } = await import('./run-server.js');
    const { state, ended } = await runServer(home, options, false);
    process.removeListener('disconnect', abandoned);
    tell({ state });
    process.exit(await ended);
  } catch (error) {
    const known = OcrHubError.is(error) ? error : (homeError(home, error) ?? bugAt(error));
    tell({ error: known.toJSON() }, () => process.exit(known.exitCode));
  }
}

/** With its place: nobody else is there to tell it, for the log need not be whole when the process ends. */
function bugAt(error: unknown): OcrHubError {
  return new OcrHubError('internal', { problem: String((error as Error).stack ?? error) }, { cause: error });
}

function tell(message: StartedMessage, sent: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, {}, sent);
  else sent();
}
