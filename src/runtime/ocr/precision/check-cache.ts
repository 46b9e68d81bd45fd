import path from 'node:path';
import type { Home } from '../../config/home.js';
import { makeFolder } from '../../files/make-folder.js';
import { readRegularFile } from '../../files/read-regular.js';
import { writeFileAtomic } from '../../files/write-atomic.js';
import { cpuModel } from '../../inference/cpu.js';
import { engineVersion } from '../../inference/backends/version.js';
import type { KnownFile } from '../../models/locate.js';
import { packageVersion } from '../../package.js';
import { z } from '../../values/check.js';

/** The result of checking a model. */
export interface CheckResult {
  /** Why the model did not pass; undefined when it passed. */
  readonly problem?: string | undefined;
  /** The day of an earlier check, `2026-11-24`; undefined for a check made just now. */
  readonly rememberedFrom?: string;
}

/** Checks a model and answers the problem it found; undefined when there is none. */
export type Check = () => Promise<string | undefined>;

/**
 * Runs a check once for each processor, model file and version of ocrhub and the engine; keeps the result in the home
 * folder. When the cache file is damaged or cannot be read or written, the check runs again. A model whose hash is
 * unknown is checked each time.
 */
export async function cachedCheck(home: Home, { file, sha256 }: KnownFile, check: Check): Promise<CheckResult> {
  if (sha256 === undefined) return { problem: await check() };
  const place = path.join(home.cache, 'precision.json');
  const versions = [`ocrhub ${packageVersion}`, `onnxruntime ${await engineVersion()}`];
  const key = [cpuModel(), ...versions, path.basename(file), sha256].join(' · ');
  const known = (await readCache(place))[key];
  if (known !== undefined) return { problem: known.problem, rememberedFrom: known.checkedAt.slice(0, 10) };
  const problem = await check();
  await makeFolder(path.dirname(place))
    .then(async () => {
      // Read again: another process may have added its own result meanwhile.
      const results = { ...(await readCache(place)), [key]: { problem, checkedAt: new Date().toISOString() } };
      await writeFileAtomic(place, `${JSON.stringify(results, null, 2)}\n`);
    })
    .catch(() => undefined);
  return { problem };
}

/** Files of ocrhub 0.1.0 hold an empty text for a check that was passed. */
const cachedResults = z.record(
  z.string(),
  z.object({
    problem: z
      .string()
      .optional()
      .transform((problem) => (problem === '' ? undefined : problem)),
    checkedAt: z.iso.datetime(),
  }),
);

async function readCache(file: string): Promise<z.output<typeof cachedResults>> {
  try {
    return cachedResults.parse(JSON.parse(await readRegularFile(file)));
  } catch {
    return {};
  }
}
