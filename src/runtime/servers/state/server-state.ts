import { z } from '../../values/check.js';
import type { ServeOptions } from '../../options/serve-options.js';

/** A running server, as `serving/<port>.json` keeps it; there is no secret in it. */
export interface ServerState {
  readonly pid: number;
  /** When the process started, in milliseconds since 1970: tells it from a later process with its id. */
  readonly startTime: number;
  /** The same by `processBirth`, which does not depend on the clock; missing where the system does not tell it. */
  readonly birth?: string;
  /** A random word that `/health` echoes. */
  readonly instance: string;
  readonly port: number;
  readonly host: string;
  readonly startedAt: string;
  /** Whether requests must carry a token; the token itself is not kept. */
  readonly tokenRequired: boolean;
  /** Whether it stays in a terminal, or under systemd or a container, which start it again themselves. */
  readonly foreground: boolean;
  /** The ocrhub that runs. */
  readonly version: string;
  readonly logFile: string;
  /** Where its control socket is. */
  readonly control: string;
  readonly options: ServeOptions;
}

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
