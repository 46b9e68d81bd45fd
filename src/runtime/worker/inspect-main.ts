import path from 'node:path';
import * as api from '../index.js';
import { OcrHubError } from '../errors/error.js';
import { toModule, type Module } from '../module/define.js';
import { watchParent } from '../process/watch-parent.js';
import type { InspectMessage } from '../registry/inspect.js';
import { withAuthorsPaths } from '../module/authors-paths.js';
import { importBundle } from '../module/load.js';
import { isOwnFrame } from '../module/stack-frame.js';
import { checkName, checkVersion } from '../registry/module-id.js';
import { describeFields, describeParameters } from '../module/describe-module.js';

/* Entry of the process in which `install` loads a bundle once: `inspect-main.js <bundle> <package folder>`. */

const [, , bundle = '', folder = ''] = process.argv;

// Modules must not use this channel.
const tell = process.send?.bind(process);
delete process.send;

// A module that hangs must not outlive an `install` that was killed.
watchParent();
// The channel must not keep the process alive when the module waits for something that never happens.
process.channel?.unref();

async function inspect(): Promise<InspectMessage> {
  try {
    return { module: describe(toModule(await importBundle(bundle, api), folder)) };
  } catch (thrown) {
    const error = withAuthorsPaths(thrown, { copy: path.dirname(bundle), source: folder });
    const known = OcrHubError.is(error)
      ? error
      : new OcrHubError('module_load_failed', { folder, problem: problemOf(error) });
    return { error: known.toJSON() };
  }
}

/** Message and stack in the author's own files: without the frames of Node.js and ocrhub. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message)
    .split('\n')
    .filter((line) => !isOwnFrame(line))
    .join('\n');
}

function describe(module: Module) {
  return {
    name: checkName(module.name),
    version: checkVersion(module.name, module.version),
    summary: module.summary ?? '',
    author: module.author ?? '',
    parameters: describeParameters(module, folder),
    fields: describeFields(module),
  };
}

tell?.(await inspect());
