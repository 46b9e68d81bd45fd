import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { SystemProcess } from '../../../bench/systems/system-process.js';
import { root } from '../../helpers/cli.js';

const folder = await mkdtemp(path.join(os.tmpdir(), 'ocrhub-system-'));
afterAll(() => rm(folder, { recursive: true }));
const picture = path.join(folder, 'page.jpg');
await writeFile(picture, 'four');
const protocol = path.join(folder, 'line-protocol.mjs');
buildSync({
  entryPoints: [path.join(root, 'bench', 'workers', 'line-protocol.ts')],
  outfile: protocol,
  format: 'esm',
});

/** A process that speaks the protocol with `read` as its system. */
function worker(read: string, before = ''): string[] {
  const script = `${before}
    const { serve } = await import(${JSON.stringify(protocol)});
    await serve(${read}, { versions: { it: '1.0.0' }, detector: 'max 960' });`;
  return [process.execPath, '--input-type=module', '--eval', script];
}

async function withProcess(command: readonly string[], use: (it: SystemProcess) => Promise<void>): Promise<void> {
  const running = await SystemProcess.start(command);
  try {
    await use(running);
  } finally {
    running.stop();
  }
}

// It reads /proc.
describe.skipIf(process.platform !== 'linux')('SystemProcess', () => {
  it('returns the texts, the boxes and the versions that a worker reports', async () => {
    await withProcess(
      worker('(bytes) => ({ texts: [bytes.toString(), String(bytes.length)], boxes: [[[1, 2]], [[3, 4]]] })'),
      async (it) => {
        expect(it.ready).toEqual({ versions: { it: '1.0.0' }, detector: 'max 960' });
        expect(await it.read(picture)).toMatchObject({ texts: ['four', '4'], boxes: [[[1, 2]], [[3, 4]]] });
      },
    );
  });

  it('counts the CPU time of a process, its running children and its ended children', async () => {
    const burn = `
      const used = () => process.cpuUsage().user + process.cpuUsage().system;
      for (const end = used() + 2e5; used() < end; ) for (let i = 0; i < 1e6; i++);`;
    const read = `async () => {
      const { spawn, spawnSync } = await import('node:child_process');
      const burn = ${JSON.stringify(burn)};
      spawnSync(process.execPath, ['--eval', burn]);
      const living = spawn(process.execPath, ['--eval', burn + 'console.log(1); setInterval(() => {}, 1000)']);
      await new Promise((resolve) => living.stdout.once('data', resolve));
      ${burn}
      process.once('exit', () => living.kill());
      globalThis.living = living;
      return { texts: [String(living.pid)] };
    }`;
    await withProcess(worker(read), async (it) => {
      const { cpuSeconds, texts } = await it.read(picture);
      process.kill(Number(texts[0]));
      // Three times 0.2 s, and a clock of 10 ms steps for each.
      expect(cpuSeconds).toBeGreaterThan(0.57);
    });
  });

  it('reports the peak memory of a process after it has freed the memory', async () => {
    const read = `() => { Buffer.alloc(2e8, 1); return { texts: [] }; }`;
    await withProcess(worker(read), async (it) => {
      const before = it.peakBytes();
      await it.read(picture);
      expect(it.peakBytes() - before).toBeGreaterThan(1.5e8);
    });
  });

  it('ignores lines on stdout that are not JSON', async () => {
    await withProcess(
      worker(`() => { console.log('loading ...'); return { texts: ['text'] }; }`, `console.log('hello');`),
      async (it) => {
        expect((await it.read(picture)).texts).toEqual(['text']);
      },
    );
  });

  it('names a picture that was not read and goes on with the next', async () => {
    await withProcess(worker(`(bytes) => ({ texts: [bytes.toString()] })`), async (it) => {
      await expect(it.read('/nowhere.jpg')).rejects.toThrow(/^\/nowhere\.jpg: .*ENOENT/);
      expect((await it.read(picture)).texts).toEqual(['four']);
    });
  });

  it('reports the last line on stderr of a process that cannot start', async () => {
    const command = [process.execPath, '--eval', `console.error('no such model'); process.exit(1)`];
    await expect(SystemProcess.start(command)).rejects.toThrow('no such model');
    await expect(SystemProcess.start([path.join(folder, 'absent')])).rejects.toThrow('ENOENT');
  });
});
