import * as api from '../index.js';
import { loadSharp, setDecodingThreads } from '../image/sharp.js';
import { loadOnnxruntime } from '../inference/backends/onnxruntime.js';
import { runWithEngine, type Engine } from '../inference/engine.js';
import { OcrHubError } from '../errors/error.js';
import { collectModels, modelsInUse } from '../trace/models-in-use.js';
import { collectStages } from '../trace/stage-times.js';
import { compose } from './compose.js';
import { HeldDocument } from './held-document.js';
import { readPage, type PageLimits } from './read-page.js';
import { readWhole } from './read-whole.js';
import { LoadedModule } from '../module/loaded-module.js';
import { readWarmUpPicture } from './warm-up-picture.js';
import { toAnswerError, toStartError } from '../module/module-error.js';
import type {
  FromInference,
  LoadResult,
  LoadMessage,
  TaskMessage,
  TaskOutcome,
  ToInference,
} from '../pool/messages.js';
import { watchParent } from '../process/watch-parent.js';

/* Entry of an inference process: loads the modules that its parent names, then does one task after another. */

// Loads both libraries before the first message: a process that was started early would be idle until then. `load` or
// the first network reports an error.
void Promise.allSettled([loadSharp, loadOnnxruntime].map((load: () => unknown) => Promise.resolve().then(load)));

const services = new Map<string, LoadedModule>();
let engine: Engine | undefined;
let limits: PageLimits = { maxPixels: 0, maxSeconds: 0, maxPages: 0 };

const held = new HeldDocument();
/** Settles when the task in progress is done. It never rejects. */
let working = Promise.resolve();

/** Milliseconds without a task after which a process is idle. */
const idleDelayMs = 1000;

// Modules must not use this channel.
const channel = process.send?.bind(process);
delete process.send;

process.title = 'ocrhub inference';
process.on('message', (message: ToInference) => {
  if (message.type === 'load') void load(message);
  else if (message.type === 'release') void working.then(() => held.release(message.file));
  else working = work(message);
});
// Ctrl+C and the end of a terminal signal the whole process group; the server ends its workers itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function load(message: LoadMessage): Promise<void> {
  // A module may block this thread from now on.
  watchParent();
  const hostEngine = { home: message.home, threads: message.threads };
  engine = hostEngine;
  limits = message;
  try {
    setDecodingThreads(message.threads);
  } catch (error) {
    send({ type: 'loaded', modules: [], models: [], error: OcrHubError.of(error).toJSON() });
    return;
  }
  // Other threads decode it while this one opens the models.
  const picture = readWarmUpPicture();
  // Prevents an unhandled rejection while a module loads; `await picture` reports the error.
  picture.catch(() => undefined);
  const modules: LoadResult[] = [];
  for (const module of message.modules) {
    try {
      const { result: service, models } = await runWithEngine(hostEngine, () =>
        collectModels(async () => {
          const loaded = await LoadedModule.load(module, api);
          await loaded.warmUp(await picture);
          return loaded;
        }),
      );
      services.set(module.route, service);
      modules.push({ route: module.route, entries: service.entries, setting: service.setting, models });
    } catch (error) {
      const known = toStartError(error, module.name).toJSON();
      if (!message.allowPartial) {
        send({ type: 'loaded', modules, models: [], error: known });
        return;
      }
      modules.push({ route: module.route, entries: null, setting: null, models: [], error: known });
    }
  }
  // The server does not start if no module loads.
  const [first] = modules;
  const nothing = first?.error !== undefined && modules.every(({ error }) => error !== undefined);
  send({ type: 'loaded', modules, models: modelsInUse(), ...(nothing ? { error: first.error } : {}) });
}

/**
 * Pixels live outside the V8 heap, so V8 may keep 100 MB of garbage for 20 s. The timer runs a collection (about 10 ms)
 * once the process is idle.
 */
let gcTimer: NodeJS.Timeout | undefined;

async function work(task: TaskMessage): Promise<void> {
  clearTimeout(gcTimer);
  const outcome = await answer(task).catch((error: unknown) => ({ error: toAnswerError(error, task.route).toJSON() }));
  send({ type: 'done', id: task.id, outcome, held: held.file, rss: process.memoryUsage.rss() });
  gcTimer = setTimeout(() => {
    gc?.();
  }, idleDelayMs).unref();
}

async function answer(task: TaskMessage): Promise<TaskOutcome> {
  const service = services.get(task.route);
  if (service === undefined || engine === undefined) throw new OcrHubError('module_not_served', { name: task.route });
  if (task.type === 'compose') {
    return { type: 'compose', file: await compose(task.route, task.output, task.documents, limits.maxPixels) };
  }
  const fields = service.checkFields(task.fields);
  const { result, stages } = await runWithEngine(engine, () =>
    collectStages(() =>
      service.entries === null
        ? readWhole(service, fields, task, limits, announceDecoding)
        : readPage(service, fields, task, held, limits, announceDecoding),
    ),
  );
  return { ...result, stages };
}

function announceDecoding(file: number | null, page?: number): void {
  send({ type: 'decoding', file, page });
}

function send(message: FromInference): void {
  channel?.(message);
}
