import { parentPort } from 'node:worker_threads';
import { OcrHubError } from '../../errors/error.js';
import { LineReader } from './line-reader.js';
import type { FromThread, ToThread } from './threads.js';
import { drain } from './batch-queue.js';

/* Entry of a thread that reads lines for the threads that ask it. */

const readers = new Map<number, LineReader>();

parentPort?.on('message', (message: ToThread) => {
  void answer(message).then((answered) => parentPort?.postMessage(answered));
});

async function answer(message: ToThread): Promise<FromThread> {
  try {
    return { id: message.id, texts: await handle(message) };
  } catch (error) {
    return { id: message.id, texts: [], error: OcrHubError.is(error) ? error.toJSON() : (error as Error) };
  }
}

async function handle(message: ToThread): Promise<FromThread['texts']> {
  if (message.type === 'open') {
    readers.set(message.reader, await LineReader.open(message.spec));
    return [];
  }
  const reader = readers.get(message.reader);
  if (reader === undefined) throw new Error(`reader ${message.reader} is not open`);
  if (message.type === 'read') return drain(reader, message.queue);
  readers.delete(message.reader);
  await reader.close();
  return [];
}
