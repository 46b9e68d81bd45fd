import { z } from '../../values/check.js';

/** Commands print these texts; one with a line end or another control character was not written by a server. Paths may hold any. */
const text = z.string().regex(/^\P{Cc}*$/u);

/**
 * A running server, as `serving/<port>.json` keeps it and as the server describes itself. The schema checks everything
 * that commands read. Of the options it checks what `stop` and `status` need; `restart` checks the others. The state holds
 * no secret.
 */
const serverState = z
  .object({
    pid: z.int().positive(),
    /** When the process started, in milliseconds since 1970. Distinguishes it from a later process with the same id. */
    startTime: z.number(),
    /** The result of `processBirth`, which is independent of the clock. Missing if the OS does not provide it. */
    birth: text.optional(),
    /** A random id, which `/health` returns too. */
    instance: text,
    port: z.int(),
    host: text,
    startedAt: text,
    /** Whether requests must carry a token. */
    tokenRequired: z.boolean(),
    /** Whether it runs in a terminal, under systemd or in a container, which restart it themselves. */
    foreground: z.boolean(),
    /** The version of ocrhub that the server runs. */
    version: text,
    logFile: z.string(),
    /** The address of its control socket. */
    control: z.string(),
    options: z.looseObject({
      /** Seconds. */
      grace: z.number().min(0).max(86_400),
      basePath: text.default(''),
      /** Set if the server speaks HTTPS. */
      cert: z.string().optional(),
      modules: z
        .array(
          z.looseObject({
            route: text,
            name: text,
            version: text,
            hash: text,
            pinned: z.boolean().default(false),
            folder: z.string().optional(),
            initArgs: z.record(z.string(), z.unknown()).default({}),
            predictArgs: z.record(z.string(), z.unknown()).default({}),
          }),
        )
        .readonly(),
    }),
  })
  .readonly();

export type ServerState = z.output<typeof serverState>;

/** Parses a state from a file or a reply. Returns undefined if it is no state, or that of another port. */
export function toState(value: unknown, port: number): ServerState | undefined {
  const { data } = serverState.safeParse(value);
  return data?.port === port ? data : undefined;
}
