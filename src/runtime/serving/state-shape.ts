import { z } from '../schema.js';
import type { ServerState } from './state.js';

/** A server's state, as a file or the server itself tells it; undefined for what is none, or is of another port. */
export function toState(value: unknown, port: number): ServerState | undefined {
  const state = stateShape.safeParse(value);
  return state.success && state.data.port === port ? (state.data as unknown as ServerState) : undefined;
}

/** What commands rely on; what lacks it is no state. Whoever starts a server with its options checks them all. */
const stateShape = z.looseObject({
  pid: z.int().positive(),
  startTime: z.number(),
  birth: z.string().optional(),
  instance: z.string(),
  port: z.int(),
  host: z.string(),
  startedAt: z.string(),
  tokenRequired: z.boolean(),
  foreground: z.boolean(),
  version: z.string(),
  logFile: z.string(),
  control: z.string(),
  options: z.looseObject({
    grace: z.number(),
    modules: z.array(z.looseObject({ route: z.string(), name: z.string(), version: z.string(), hash: z.string() })),
  }),
});
