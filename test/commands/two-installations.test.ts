import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageVersion } from '../../src/runtime/package.js';
import { ocrhub } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder, temporaryHome } from '../helpers/home.js';
import { opened, type Answer } from '../helpers/http.js';
import { copyInstallation } from '../helpers/installation.js';
import { fixture } from '../helpers/pictures.js';
import { health, predict, startServer, untilHealth, type TestServer } from '../helpers/server.js';

/* Two installations of ocrhub that share a home folder: a checkout beside a global one, say. */

/** What it throws is a refusal of the request only where it is the class of the process that it runs in. */
const refusing = `import { defineModule, OcrHubError, z } from 'ocrhub';

export default defineModule({
  name: 'refusing',
  version: '1.0.0',
  fields: z.object({ refuse: z.boolean().optional() }),
  predict({ refuse = false }) {
    if (refuse) throw new OcrHubError('value_invalid', { subject: 'refuse', key: '', value: true, problem: 'asked for' });
    return process.pid;
  },
});
`;

const pixel = path.join('test', 'fixtures', 'pixel.png');

it('a replaced worker imports "ocrhub" from its own installation, even if another one shares the home folder', async () => {
  const home = await temporaryHome();
  const other = await copyInstallation();
  await install(home, refusing);
  const server = await startServer(home, { flags: ['-m', 'refusing'] });
  await install(home, wordModule('word'), other);
  await replaceProcess(server);
  expect(await refusal(server)).toMatchObject({ http: 400 });
  await rm(other, { recursive: true });
  await replaceProcess(server);
  expect(await refusal(server)).toMatchObject({ http: 400 });
  expect(opened(await predict(server, 'refusing', { images: [fixture('pixel.png')] })).results).toBeTypeOf('number');
});

it('a module that imports a name which this version of "ocrhub" lacks is refused with that name', async () => {
  const home = await temporaryFolder();
  const module = wordModule('word')
    .replace('defineModule }', 'defineModule, rotate180 }')
    .replace("'one'", 'rotate180.name');
  await install(home, module);
  expect((await ocrhub(home, ['run', 'word', pixel])).stdout).toContain('rotate180');
  const older = await copyInstallation();
  await withoutRotate180(older);
  const { code, stderr } = await ocrhub(home, ['run', 'word', pixel], { installation: older });
  expect(code).toBe(5);
  expect(stderr).toBe(
    `Error: Module word cannot be started: ocrhub ${packageVersion} has no "rotate180", which the module imports: another version of ocrhub installed it\n` +
      'Install it again with this one: ocrhub install FOLDER\n',
  );
});

async function withoutRotate180(installation: string): Promise<void> {
  const dist = path.join(installation, 'dist');
  const name = 'rotate180: () => rotate180,';
  for (const file of await readdir(dist, { recursive: true })) {
    if (!file.endsWith('.js')) continue;
    const text = await readFile(path.join(dist, file), 'utf8');
    if (text.includes(name)) await writeFile(path.join(dist, file), text.replace(name, ''));
  }
}

async function install(home: string, module: string, installation?: string): Promise<void> {
  const folder = await writeFiles(await temporaryFolder(), packageFiles(module));
  const how = installation === undefined ? {} : { installation };
  expect(await ocrhub(home, ['install', folder], how)).toMatchObject({ code: 0 });
}

/** Kills the inference process and waits for another one. */
async function replaceProcess(server: TestServer): Promise<void> {
  const [{ pid } = { pid: 0 }] = (await health(server)).processes;
  process.kill(pid, 'SIGKILL');
  await untilHealth(
    server,
    'another process is ready',
    ({ status, processes }) => status === 'ready' && processes[0]?.pid !== pid,
  );
}

function refusal(server: TestServer): Promise<Answer> {
  return predict(server, 'refusing', { images: [fixture('pixel.png')], refuse: true });
}
