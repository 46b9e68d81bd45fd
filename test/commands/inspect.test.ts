import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ocrhub, root, withoutVitest } from '../helpers/cli.js';
import { DebugSession, type Paused, type Script } from '../helpers/debugger.js';
import { writeFiles } from '../helpers/files.js';
import { freePort, temporaryFolder, temporaryHome } from '../helpers/home.js';
import { until } from '../helpers/server.js';

const module = `import { defineModule } from 'ocrhub';
import { params } from './params.js';

interface Answer {
  readonly sides: number;
}

export default defineModule({
  name: 'mine',
  version: '1.0.0',
  entries: { empty: null, nested: false },
  predict: ({ images }) => images.map(({ width, height }): Answer => {
    const sides: number = width + height + params.more;
    return { sides };
  }),
});
`;
const pixel = path.join('test', 'fixtures', 'pixel.png');
/** The line that returns, counted from 1 as editors do. */
const stopAt = 14;

/** `ocrhub run --inspect` of a package, and the address at which it waits for a debugger. */
async function startRun(folder: string, flag = '--inspect') {
  const home = await temporaryHome();
  const args = ['bin/run.js', 'run', folder, pixel, flag, '--json'];
  const env = { ...withoutVitest(process.env), OCRHUB_HOME: home };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  const listening = /Debugger listening on (ws:\S+)/;
  await until(
    'it waits for a debugger',
    () => Promise.resolve(output.stderr),
    (text) => listening.test(text),
  );
  const session = await DebugSession.open(listening.exec(output.stderr)?.[1] ?? '');
  return { session, output, ended: once(child, 'exit') };
}

/** Where a line of an author's file is in the bundle, which is what a debugger looks up to set a breakpoint. */
function placeOf(map: SourceMap, code: string, source: string, line: number): { line: number; column: number } {
  for (const [row, text] of code.split('\n').entries()) {
    const column = text.search(/\S/);
    const found = map.findEntry(row, Math.max(column, 0));
    if ('originalSource' in found && found.originalSource === source && found.originalLine === line - 1)
      return { line: row, column: Math.max(column, 0) };
  }
  throw new Error(`no line of the bundle comes from ${source}:${line}`);
}

it("run --inspect stops at a breakpoint in the user's TypeScript and shows the variables", async () => {
  const files = { 'module.ts': module, 'params.ts': 'export const params = { more: 40 };\n' };
  const index = { 'index.ts': "export { default } from './module.js';\n" };
  const folder = await writeFiles(path.join(await temporaryFolder(), 'mine'), { ...files, ...index });
  const source = pathToFileURL(path.join(folder, 'module.ts')).href;
  const { session, output, ended } = await startRun(folder);

  // As editors do it: hold each script that has a source map before it runs, so that breakpoints can be set in it.
  await session.ask('Debugger.enable');
  await session.ask('Debugger.setInstrumentationBreakpoint', {
    instrumentation: 'beforeScriptWithSourceMapExecution',
  });
  await session.ask('Runtime.runIfWaitingForDebugger');
  const script = await heldScript(session, /\/mine\/1\.0\.0\/[0-9a-f]+\/bundle\.mjs$/);

  const code = await readFile(fileURLToPath(script.url), 'utf8');
  const map = await readMap(new URL(script.sourceMapURL, script.url));
  const { line, column } = placeOf(map, code, source, stopAt);
  const location = { scriptId: script.scriptId, lineNumber: line, columnNumber: column };
  await session.ask('Debugger.setBreakpoint', { location });
  await session.ask('Debugger.resume');

  const { callFrames } = await session.event<Paused>('Debugger.paused', ({ reason }) => reason !== 'instrumentation');
  const [frame] = callFrames;
  const shown = map.findEntry(frame?.location.lineNumber ?? 0, frame?.location.columnNumber ?? 0);
  expect(shown).toMatchObject({ originalSource: source, originalLine: stopAt - 1 });
  const { result } = await session.ask<{ result: { value: number } }>('Debugger.evaluateOnCallFrame', {
    callFrameId: frame?.callFrameId,
    expression: 'sides',
  });
  expect(result.value).toBe(42);

  await session.ask('Debugger.resume');
  session.close();
  expect(await ended).toEqual([0, null]);
  expect(JSON.parse(output.stdout)).toMatchObject([{ result: { sides: 42 } }]);
});

describe('run --inspect with the default port in use', () => {
  const none = path.join(root, 'examples', 'none');

  beforeEach(async () => {
    const holder = createServer();
    onTestFinished(() => void holder.close());
    // Where it is taken already, that is as good.
    await new Promise<void>((resolve) => holder.once('error', () => resolve()).listen(9229, '127.0.0.1', resolve));
  });

  it('names the flag for another port', async () => {
    const { code, stdout, stderr } = await ocrhub(await temporaryHome(), ['run', none, pixel, '--inspect'], {
      timeout: 30_000,
    });
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toBe(
      'Error: Debugger port 9229 is already in use\nChoose another one with --inspect_port; 0 takes one that is free.\n',
    );
  });

  it.each(['0', 'another'])('waits for a debugger on port %s', async (which) => {
    const port = which === '0' ? which : String(await freePort());
    const { session, output, ended } = await startRun(none, `--inspect_port=${port}`);
    if (which !== '0') expect(output.stderr).toContain(`ws://127.0.0.1:${port}/`);
    await session.ask('Runtime.runIfWaitingForDebugger');
    session.close();
    expect(await ended).toEqual([3, null]);
  });
});

/** Node's reader leaves out the root of the sources, which debuggers put before each. */
async function readMap(url: URL): Promise<SourceMap> {
  const map = JSON.parse(await readFile(url, 'utf8')) as SourceMapPayload;
  const sources = map.sources.map((source) => new URL(source, map.sourceRoot).href);
  return new SourceMap({ ...map, sources });
}

/** Lets scripts go on until the one that is asked for is held. */
async function heldScript(session: DebugSession, url: RegExp): Promise<Script> {
  for (;;) {
    const paused = await session.event<Paused>('Debugger.paused');
    const id = paused.callFrames[0]?.location.scriptId;
    const script = await session.event<Script>('Debugger.scriptParsed', ({ scriptId }) => scriptId === id);
    if (url.test(script.url)) return script;
    await session.ask('Debugger.resume');
  }
}
