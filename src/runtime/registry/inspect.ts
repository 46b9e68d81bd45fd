import { fork } from 'node:child_process';
import { OcrHubError, type SerializedError } from '../errors/error.js';
import { entryFile } from '../package.js';
import type { ObjectSchema } from '../values/json-schema.js';

/** What a module says of itself. */
export interface ModuleInfo {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly author: string;
  /** null: the module declares no parameters, and takes any. */
  readonly parameters: ObjectSchema | null;
  readonly fields: ObjectSchema;
}

export type InspectMessage = { readonly module: ModuleInfo } | { readonly error: SerializedError };

/** A module does its work in `initialize`; one that is still loading after this long is stuck. Milliseconds. */
const loadTimeout = 30_000;

/**
 * Loads a bundle once, in a process of its own, and asks what it is. Whatever the module does while it is loaded
 * (prints, throws, exits, hangs) stays in that process.
 *
 * @throws OcrHubError `module_shape`, `module_load_failed`, `module_name_illegal`, `module_version_illegal`
 */
export function inspectBundle(bundle: string, folder: string, timeout = loadTimeout): Promise<ModuleInfo> {
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
      const end =
        signal === 'SIGKILL'
          ? `it was still loading after ${timeout / 1000} s`
          : `it ended its process while it was loaded (${signal ?? `exit code ${String(code)}`})`;
      const said = stderr.trim();
      reject(new OcrHubError('module_load_failed', { folder, problem: said === '' ? end : `${end}:\n${said}` }));
    });
  });
}
