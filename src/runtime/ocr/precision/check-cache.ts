import path from 'node:path';
import { readRegularFile } from '../../files/read-regular.js';
import { writeFileAtomic } from '../../files/write-atomic.js';
import { makeFolder } from '../../files/make-folder.js';
import { cpuModel } from '../../inference/cpu.js';
import { engineVersion } from '../../inference/version.js';
import type { KnownFile } from '../../models/locate.js';
import { packageVersion } from '../../package.js';
import { resolveHome } from '../../config/home.js';
import { z } from '../../values/check.js';

/** What a check of a model found. */
export interface Verdict {
  /** Empty when it found nothing wrong. */
  readonly problem: string;
  /**
   * The day of the check, `2026-11-24`, when it was made earlier and is remembered; undefined when it was made just
   * now.
   */
  readonly rememberedFrom?: string;
}

/**
 * What a check of a model found, done once for each processor, model file and version of ocrhub and the engine, and
 * kept in the home folder. A file that is damaged, is not a regular file or cannot be written, or a home that cannot be
 * found, costs a second check, nothing else. A model whose hash is not known is checked each time.
 */
export async function cachedVerdict({ file, sha256 }: KnownFile, check: () => Promise<string>): Promise<Verdict> {
  const place = cacheFile();
  if (sha256 === undefined || place === undefined) return { problem: await check() };
  const versions = [`ocrhub ${packageVersion}`, `onnxruntime ${await engineVersion()}`];
  const key = [cpuModel(), ...versions, path.basename(file), sha256].join(' · ');
  const known = (await read(place))[key];
  if (known !== undefined) return { problem: known.problem, rememberedFrom: known.checkedAt.slice(0, 10) };
  const verdict = { problem: await check(), checkedAt: new Date().toISOString() };
  await makeFolder(path.dirname(place))
    // Read again: another process may have added its own meanwhile.
    .then(async () =>
      writeFileAtomic(place, `${JSON.stringify({ ...(await read(place)), [key]: verdict }, null, 2)}\n`),
    )
    .catch(() => undefined);
  return { problem: verdict.problem };
}

function cacheFile(): string | undefined {
  try {
    return path.join(resolveHome().cache, 'precision.json');
  } catch {
    return undefined; // damaged defaults are named by the commands, not by an inference process that starts again
  }
}

const verdicts = z.record(z.string(), z.object({ problem: z.string(), checkedAt: z.iso.datetime() }));

async function read(file: string): Promise<z.output<typeof verdicts>> {
  try {
    return verdicts.parse(JSON.parse(await readRegularFile(file)));
  } catch {
    return {};
  }
}
