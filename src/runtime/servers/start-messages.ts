import type { Home } from '../config/home.js';
import type { SerializedError } from '../errors/error.js';
import type { ServeOptions } from '../options/serve-options.js';
import type { ServerState } from './state/server-state.js';

/** Sent by the command that starts a detached server to the server process. */
export interface StartMessage {
  readonly home: Home;
  readonly options: ServeOptions;
}

/** The reply of the server process: the state of the ready server, or why it cannot start. */
export type StartedMessage =
  { readonly state: ServerState; readonly warning?: string | undefined } | { readonly error: SerializedError };
