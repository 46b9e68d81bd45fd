import * as api from '../index.js';
import { configureEngine } from '../ocr/configure.js';
import { OcrHubError } from '../errors/error.js';
import { collectModels, modelsInUse } from '../trace/models-in-use.js';
import { collectStages } from '../trace/stage-times.js';
import { decodePictures } from './decode-pictures.js';
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

/* Entry of an inference process: loads the modules it is told, then does one task after another. */

const services = new Map<string, LoadedModule>();
let maxPixels = 0;

/** A process without a task for this long is idle. */
const idleDelayMs = 1000;

// A module has no business on this channel.
const channel = process.send?.bind(process);
delete process.send;

process.title = 'ocrhub inference';
process.on('message', (message: ToInference) => {
  if (message.type === 'load') void load(message);
  else void work(message);
});
// Ctrl+C in a terminal reaches the whole group; the server decides when its processes end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

async function load(message: LoadMessage): Promise<void> {
  // From here on a module may block this thread.
  watchParent();
  configureEngine({ threads: message.threads });
  maxPixels = message.maxPixels;
  // It is decoded by other threads while this one opens the models.
  const picture = readWarmUpPicture();
  // A module that does not load is told of first.
  picture.catch(() => undefined);
  const modules: LoadResult[] = [];
  for (const module of message.modules) {
    try {
      const { result: service, models } = await collectModels(async () => {
        const loaded = await LoadedModule.load(module, api);
        await loaded.warmUp(await picture);
        return loaded;
      });
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
  // A server that serves nothing is no server.
  const [first] = modules;
  const nothing = first?.error !== undefined && modules.every(({ error }) => error !== undefined);
  send({ type: 'loaded', modules, models: modelsInUse(), ...(nothing ? { error: first.error } : {}) });
}

/**
 * Pixels live outside the V8 heap, so V8 may keep 100 MB of garbage for 20 s. GC takes about 10 ms, too long after each
 * task, so it runs once the process is idle.
 */
let gcTimer: NodeJS.Timeout | undefined;

async function work(task: TaskMessage): Promise<void> {
  clearTimeout(gcTimer);
  const outcome = await answer(task).catch((error: unknown) => ({ error: toAnswerError(error, task.route).toJSON() }));
  send({ type: 'done', id: task.id, outcome, rss: process.memoryUsage.rss() });
  gcTimer = setTimeout(() => {
    gc?.();
  }, idleDelayMs).unref();
}

async function answer(task: TaskMessage): Promise<TaskOutcome> {
  const service = services.get(task.route);
  if (service === undefined) throw new OcrHubError('module_not_served', { name: task.route });
  const fields = service.checkFields(task.fields);
  const { result, stages } = await collectStages(async () => {
    const { images, unreadable } = await decodePictures(task.images, maxPixels);
    const pages = images.map((image) => image && { width: image.width, height: image.height });
    return { results: await service.answer(images, fields), pages, unreadable };
  });
  return { ...result, stages };
}

function send(message: FromInference): void {
  channel?.(message);
}
