import { fork } from 'node:child_process';
import { OcrHubError, type SerializedError } from '../errors/error.js';
import { OomKills } from '../process/oom-kills.js';
import { entryFile } from '../package.js';
import type { ObjectSchema } from '../values/json-schema.js';

/** The metadata and schemas of a module. */
export interface ModuleInfo {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly author: string;
  /** null if the module declares no schema; it then accepts any parameter. */
  readonly parameters: ObjectSchema | null;
  readonly fields: ObjectSchema;
}

export type InspectMessage = { readonly module: ModuleInfo } | { readonly error: SerializedError };

/** Milliseconds. Loading a module is quick, because models are loaded in `initialize`. */
const loadTimeoutMs = 30_000;

/**
 * Loads a bundle in a separate process and returns the module's description. A module that prints, throws, exits or hangs
 * while it is loaded cannot affect this process.
 *
 * @throws OcrHubError `module_shape`, `module_load_failed`, `module_name_illegal`, `module_version_illegal`
 */
export function inspectBundle(bundle: string, folder: string, timeout = loadTimeoutMs): Promise<ModuleInfo> {
  const kills = new OomKills();
  return new Promise((resolve, reject) => {
    const child = fork(entryFile('worker/inspect-main.js'), [bundle, folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--enable-source-maps'],
      timeout,
      killSignal: 'SIGKILL',
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(-4000)));
    child.once('message', (message: InspectMessage) => {
      child.kill('SIGKILL');
      if ('module' in message) resolve(message.module);
      else reject(OcrHubError.from(message.error));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      // The OOM killer and other processes send SIGKILL too; then `killed` is false.
      const problem =
        child.killed && signal === 'SIGKILL'
          ? `it was still loading after ${timeout / 1000} s`
          : `it ended its process while it was loaded (${kills.explain(signal ?? `exit code ${String(code)}`)})`;
      const output = stderr.trim();
      reject(
        new OcrHubError('module_load_failed', { folder, problem: output === '' ? problem : `${problem}:\n${output}` }),
      );
    });
  });
}
