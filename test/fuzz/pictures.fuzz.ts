import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ocrhubJson } from '../helpers/cli.js';
import { removeHome, sharedHome } from '../helpers/home.js';
import { opened, send, type Answer } from '../helpers/http.js';
import { fixtureBytes } from '../helpers/pictures.js';
import { health, readLog, startServer, type TestServer } from '../helpers/server.js';
import { idleProcess } from './idle-process.js';
import { installLightModule } from './light-module.js';
import { Costs } from './pictures/costs.js';
import { damagedPicture } from './pictures/mutate.js';
import { makeSeeds, type Seed } from './pictures/seeds.js';
import { Random } from './random.js';
import { only, scaled, seed } from './scale.js';
import { WatchedProcess } from './watched-process.js';

/* Damaged pictures of all formats: each gets a documented answer, costs little, and does the server no harm. */

const count = scaled(20_000);
/** Every so many pictures are also read by ocr_rec, and the known picture is sent again. */
const everyRead = 20;

let home = '';
let server: TestServer;
let seeds: readonly Seed[] = [];
beforeAll(async () => {
  home = await sharedHome();
  await installLightModule(home);
  await ocrhubJson(home, ['install', 'ocr_rec']);
  server = await startServer(home, { flags: ['-m', 'ocr_system', 'ocr_rec'] });
  seeds = await makeSeeds();
});
afterAll(() => removeHome(home));

const finds: string[] = [];
const statuses = new Map<string, number>();
const costs = new Costs();

it(`${count} damaged pictures get 200, 413 or 422 in less than 30 CPU seconds and 1 GB each, and the server reads on`, async () => {
  const known = await results('ocr_rec', fixtureBytes('line.png'));
  const start = await serverMegabytes();
  const numbers = only === undefined ? Array.from({ length: count }, (_, i) => i) : [only];
  for (const number of numbers) {
    const random = Random.of(seed, number);
    const picture = damagedPicture(seeds, random);
    await tryOne(number, 'ocr_system', picture);
    if (number % everyRead !== 0 && only === undefined) continue;
    await tryOne(number, 'ocr_rec', picture);
    if (number % (10 * everyRead) !== 0) continue;
    const again = await results('ocr_rec', fixtureBytes('line.png'));
    if (JSON.stringify(again) !== JSON.stringify(known))
      finds.push(`after picture ${number} the known line reads ${JSON.stringify(again)}`);
  }
  console.log(
    `${numbers.length} pictures, seed ${seed}: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}\n${costs.toString()}`,
  );
  const logged = (await readLog(server.logFile)).filter(({ httpStatus = 0 }) => httpStatus >= 500).length;
  const answered = [...statuses].filter(([key]) => / 5\d\d$/.test(key)).reduce((sum, [, times]) => sum + times, 0);
  expect(finds).toEqual([]);
  expect(logged).toBeGreaterThanOrEqual(answered);
  expect((await serverMegabytes()) - start).toBeLessThan(60);
});

async function tryOne(number: number, route: string, picture: { seed: string; bytes: Buffer }): Promise<void> {
  const watched = new WatchedProcess(await idleProcess(server));
  const answer = await ask(route, picture.bytes);
  const [cpu, peak] = [watched.cpuSeconds(), watched.peakMegabytes()];
  costs.add(`${path.extname(picture.seed)}, ${route}`, cpu, peak);
  const key = `${route} ${answer.http}`;
  statuses.set(key, (statuses.get(key) ?? 0) + 1);
  const wrong = [
    ...(documented(answer) ? [] : [`HTTP ${answer.http} ${answer.text.slice(0, 300)}`]),
    ...(cpu < 30 ? [] : [`${cpu} CPU seconds`]),
    ...(peak < 1000 ? [] : [`${peak.toFixed(0)} MB`]),
  ];
  if (wrong.length === 0) return;
  const folder = path.join(os.tmpdir(), 'ocrhub-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${seed}-${number}-${picture.seed}`);
  writeFileSync(file, picture.bytes);
  finds.push(`FUZZ_SEED=${seed} FUZZ_ONLY=${number}, ${route}: ${wrong.join(', ')}; ${file}`);
  console.log(finds.at(-1));
}

/** 400 and 415 are those of an empty body, 413 is that of a large one. */
function documented({ http, text }: Answer): boolean {
  if (http === 200) return Array.isArray(opened({ http, text, headers: {} }).results);
  return [400, 413, 415, 422].includes(http) && opened({ http, text, headers: {} }).msg !== '';
}

function ask(route: string, body: Buffer): Promise<Answer> {
  return send(`${server.url}/predict/${route}`, { method: 'POST', headers: { 'Content-Type': 'image/png' }, body });
}

async function results(route: string, body: Buffer): Promise<unknown> {
  return opened(await ask(route, body)).results;
}

/** Memory of the server's own process. */
async function serverMegabytes(): Promise<number> {
  await health(server);
  return new WatchedProcess(server.pid).residentMegabytes();
}
