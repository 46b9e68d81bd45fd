import { OcrHubError, type SerializedError } from '../../errors/error.js';
import { servedModule } from '../../options/serve-options.js';
import { check, z } from '../../values/check.js';
import { isDeeperThan, maxDepth } from '../../values/deeper-than.js';
import type { ServerState } from '../state/server-state.js';

/*
 * What a command and a running server send each other: one JSON line each way, over a local socket (a named pipe on
 * Windows) that only this user can open. Signals would not do: Windows has none that lets a process finish its work.
 */

const controlRequest = z.discriminatedUnion('action', [
  /** Answered at once. Commands send it if the state file is missing or damaged. */
  z.object({ action: z.literal('describe') }),
  /** Answered when the server has begun to drain. */
  z.object({ action: z.literal('stop') }),
  /** Answered when the new modules have made their first inference and have taken over. */
  z.object({ action: z.literal('reload'), modules: z.array(servedModule).min(1).readonly() }),
]);

export type ControlRequest = Readonly<z.output<typeof controlRequest>>;

/** Every request is answered with the server's state. */
export type ControlReply = { readonly state: ServerState } | { readonly error: SerializedError };

/** How long a server may take to reply, in milliseconds; one that hangs never replies. */
export const replyTimeoutMs = { describe: 2000, stop: 2000, reload: 180_000 } as const;

/**
 * Parses the line that a command sent. ocrhub 0.1 says `tell` for `describe`; servers understand it for one release.
 *
 * @throws SyntaxError if it is no JSON, OcrHubError `value_invalid` if it is no request
 */
export function parseRequest(line: string): ControlRequest {
  const parsed: unknown = JSON.parse(line);
  if (isDeeperThan(maxDepth, parsed)) {
    const problem = `a value is nested more than ${maxDepth} deep`;
    throw new OcrHubError('value_invalid', { subject, key: undefined, value: undefined, problem });
  }
  const isTell = typeof parsed === 'object' && parsed !== null && 'action' in parsed && parsed.action === 'tell';
  return isTell ? { action: 'describe' } : check(controlRequest, parsed, subject);
}

const subject = 'the request on the control socket';
