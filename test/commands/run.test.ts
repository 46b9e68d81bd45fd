import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ocrhub, ocrhubJson, type CliResult } from '../helpers/cli.js';
import { packageFiles, wordModule, writeFiles } from '../helpers/files.js';
import { temporaryFolder } from '../helpers/home.js';
import { multiPageTiff } from '../helpers/pictures.js';

it('run finds a module if modules/ in the home folder is a link to another disk', async () => {
  const home = await temporaryFolder();
  await symlink(await temporaryFolder(), path.join(home, 'modules'), 'junction');
  const files = packageFiles(wordModule('word', { word: 'hello' }));
  await ocrhubJson(home, ['install', await writeFiles(await temporaryFolder(), files)]);
  const { code, stdout, stderr } = await ocrhub(home, ['run', 'word', path.join('test', 'fixtures', 'pixel.png')]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('hello');
});

it('run takes its first argument as one module: a comma separates nothing', async () => {
  const home = await temporaryFolder();
  const folder = await writeFiles(path.join(home, 'x,y', 'a=b'), packageFiles(wordModule('word', { word: 'hello' })));
  const picture = path.join('test', 'fixtures', 'pixel.png');
  // Relative, as a user writes it: `./a=b`.
  const ran = await ocrhub(home, ['run', './a=b', path.resolve(picture)], { cwd: path.dirname(folder) });
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toContain('hello');
  expect(await ocrhubJson(home, ['run', 'word,other', picture], 2)).toMatchObject({
    error: { code: 'module_name_illegal' },
  });
});

it('run refuses a picture above --max_pixels, which has the rules of serving start', async () => {
  const home = await temporaryFolder();
  const folder = await writeFiles(await temporaryFolder(), packageFiles(wordModule('word')));
  const run = (limit: string): string[] => ['run', folder, 'test/fixtures/tiny.png', '--max_pixels', limit];
  expect(await ocrhubJson(home, run('1kP'))).toMatchObject([{ result: 'one' }]);
  expect(await ocrhubJson(home, run('100'), 5)).toMatchObject([
    {
      error: {
        code: 'image_too_large',
        hint: 'Send a smaller picture, or raise the limit: --max_pixels of serving start, and of run.',
      },
    },
  ]);
  const { code, stderr } = await ocrhub(home, run('large'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Error: --max_pixels is "large": expected a size such as /);
});

describe('a TIFF file of two pages', () => {
  const module = `import { defineModule } from 'ocrhub';
export default defineModule({
  name: 'sizes',
  version: '1.0.0',
  entries: { empty: null, nested: false },
  predict: ({ images }) => images.map(({ width, data }) => ({ text: width + ' px, red ' + data[0], confidence: 1 })),
});
`;

  it('is read whole, each page for itself', async () => {
    const home = await temporaryFolder();
    const folder = await writeFiles(await temporaryFolder(), packageFiles(module));
    const scan = path.join(home, 'scan.tiff');
    await writeFile(scan, await multiPageTiff(['#ff0000', '#0000ff']));
    const { code, stdout } = await ocrhub(home, ['run', folder, scan]);
    expect(code).toBe(0);
    const [, ...rows] = stdout.trimEnd().split('\n');
    expect(rows).toEqual(['  page 1 of 2', '  1.000  30 px, red 255', '  page 2 of 2', '  1.000  30 px, red 0']);
    const [answer] = await ocrhubJson<Record<string, unknown>[]>(home, ['run', folder, scan]);
    expect(answer).toMatchObject({
      file: scan,
      pages: [
        { page: 1, width: 30, height: 20, result: { text: '30 px, red 255' } },
        { page: 2, width: 30, height: 20, result: { text: '30 px, red 0' } },
      ],
    });
    expect(answer).not.toHaveProperty('result');
  });
});

describe('run of a module with a second source file', () => {
  const files = {
    ...packageFiles(`import { defineModule, z } from 'ocrhub';
import { refuse } from './refuse.js';

export default defineModule({
  name: 'mine',
  version: '1.0.0',
  fields: z.object({ least: z.number().optional() }),
  entries: { empty: null, nested: false },
  predict: ({ images, least = 0 }) => images.map(({ width }) => (width < least ? refuse(width) : width)),
});
`),
    'refuse.ts': `interface Refusal {
  readonly never: true;
}

export function refuse(width: number): Refusal {
  throw new RangeError(\`too narrow: \${width}\`);
}
`,
  };
  const pictures = ['pixel.png', 'not-a-picture.txt', 'tiny.png'].map((name) => path.join('test', 'fixtures', name));

  it("reports a throw with the lines of the author's source and continues with the other pictures", async () => {
    const folder = await writeFiles(await temporaryFolder(), files);
    const args = ['run', folder, ...pictures, '--field', 'least=20'];
    const { code, stdout, stderr } = await ocrhub(await temporaryFolder(), args);
    expect([code, stderr]).toEqual([5, '2 of 3 files failed\n']);
    expect(stdout).toContain(
      `${pictures[0] ?? ''}  too narrow: 1\n  at refuse (${folder}/refuse.ts:6:9)\n  at <anonymous> (${folder}/module.ts:9:`,
    );
    expect(stdout).not.toMatch(/\n {2}at .*(node:|runtime)/);
    expect(stdout).toContain(`${pictures[1] ?? ''}  not a readable file: `);
    expect(stdout).toMatch(/tiny\.png .*\n {2}40\n$/);
    const results = await ocrhubJson<object[]>(await temporaryFolder(), args, 5);
    expect(results).toMatchObject([
      { file: pictures[0], error: { code: 'module_threw', message: 'too narrow: 1' } },
      { error: { code: 'image_unreadable' } },
      { file: pictures[2], result: 40 },
    ]);
  });

  it.each([
    [['--field', 'lest=1'], 'Error: --field lest=1: unknown field "lest"'],
    [['--field', 'least=wide'], 'Error: --field least=wide: Invalid input: expected number, received string\n'],
    [['--field', 'least'], '--field is "least": expected name=value'],
  ])('refuses %j', async (flags, problem) => {
    const folder = await writeFiles(await temporaryFolder(), files);
    const { code, stderr } = await ocrhub(await temporaryFolder(), ['run', folder, ...pictures, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });

  it('accepts several fields after one flag, and pictures after them', async () => {
    const folder = await writeFiles(await temporaryFolder(), files);
    const [first = '', , last = ''] = pictures;
    const answer = ocrhubJson(await temporaryFolder(), ['run', folder, '--field', 'least=0', 'least=1', first, last]);
    expect(await answer).toMatchObject([
      { file: first, result: 1 },
      { file: last, result: 40 },
    ]);
    const without = await ocrhub(await temporaryFolder(), ['run', folder, '--field', 'least=0', 'least=1']);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(`Error: No file is named; ${folder} is taken as the module\n`);
  });

  it.each(['run', 'serving start'])('%s refuses a module with two presets and names them', async (command) => {
    const home = await temporaryFolder();
    const folder = await writeFiles(await temporaryFolder(), files);
    const [words, rest] = command === 'run' ? [['run', folder], pictures] : [['serving', 'start', '-m', folder], []];
    const { code, stderr } = await ocrhub(home, [...words, ...rest, '--set', 'mine.a=1', 'lest=2']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Error: --set lest=2: unknown parameter "lest"')]);
  });

  it('reports a failed start with the line of the source', async () => {
    const broken = packageFiles(
      `import { defineModule } from 'ocrhub';\nexport default defineModule({\n  name: 'mine',\n  version: '1.0.0',\n  initialize() {\n    throw new Error('no licence');\n  },\n  predict: () => [],\n});\n`,
    );
    const folder = await writeFiles(await temporaryFolder(), broken);
    const { code, stderr } = await ocrhub(await temporaryFolder(), ['run', folder, ...pictures]);
    expect([code, stderr]).toEqual([
      5,
      `Error: Module mine cannot be started: no licence\nat Object.initialize (${folder}/module.ts:6:11)\n`,
    ]);
  });
});

describe('run of a module that', () => {
  const [first = '', second = ''] = ['pixel.png', 'tiny.png'].map((name) => path.join('test', 'fixtures', name));
  const folderOf = async (predict: string, more = ''): Promise<string> =>
    writeFiles(
      await temporaryFolder(),
      packageFiles(
        `import { defineModule } from 'ocrhub';\nexport default defineModule({\n  name: 'mine',\n  version: '1.0.0',\n  entries: { empty: null, nested: false },\n${more}  predict: ${predict},\n});\n`,
      ),
    );
  const run = async (folder: string, ...more: string[]): Promise<CliResult> =>
    ocrhub(await temporaryFolder(), ['run', folder, first, second, ...more]);
  const notWarmUp = 'images[0].width === 160 ? [0] :';
  const never = 'the module never answered: a promise it awaits is never settled';

  it('never answers a picture reports it and continues with the other pictures', async () => {
    const folder = await folderOf(
      `({ images }) => images[0].width === 1 ? new Promise(() => {}) : images.map(() => 7)`,
    );
    const { code, stdout, stderr } = await run(folder);
    expect([code, stderr]).toEqual([5, '1 of 2 files failed\n']);
    expect(stdout).toContain(`${first}  ${never}\n`);
    expect(stdout).toMatch(/tiny\.png .*\n {2}7\n$/);
    expect(await ocrhubJson(await temporaryFolder(), ['run', folder, first, second], 5)).toMatchObject([
      { file: first, error: { code: 'module_never_answered', message: never } },
      { file: second, result: 7 },
    ]);
  });

  it('never finishes its start reports it', async () => {
    const folder = await folderOf('() => []', '  initialize: () => new Promise(() => {}),\n');
    const { code, stdout, stderr } = await run(folder);
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain(`Error: Module mine cannot be started: ${never}\n`);
  });

  const ends = 'the module ended the process before it answered (exit code 0)';
  it.each([[[]], [['--json']]])('ends the process prints the earlier results and then the error: %j', async (flags) => {
    const folder = await folderOf(
      `({ images }) => images.map(({ width }) => (width === 40 ? process.exit(0) : width))`,
    );
    const { code, stdout, stderr } = await run(folder, ...flags);
    expect([code, stderr]).toEqual([5, '1 of 2 files failed\n']);
    if (flags.length === 0) expect(stdout).toContain(`\n  1\n${second}  ${ends}\n`);
    else
      expect(JSON.parse(stdout)).toMatchObject([
        { file: first, result: 1 },
        { file: second, error: { code: 'module_ended_process', message: ends } },
      ]);
  });

  it.each([[[]], [['--json']]])('ends the process during its start prints the error: %j', async (flags) => {
    const { code, stdout, stderr } = await run(await folderOf('() => process.exit(0)'), ...flags);
    expect(code).toBe(5);
    if (flags.length === 0) expect([stdout, stderr]).toEqual(['', `Error: ${ends}\n`]);
    else expect(JSON.parse(stdout)).toEqual({ error: { code: 'module_ended_process', message: ends, hint: '' } });
  });

  it('throws outside of predict prints the error', async () => {
    const folder = await folderOf(
      `({ images }) => ${notWarmUp} new Promise(() => setTimeout(() => { throw new Error('late'); }, 1))`,
    );
    const { code, stdout, stderr } = await run(folder);
    expect(code).toBe(5);
    expect(stderr).toContain('late');
    expect(stdout).toContain(`${first}  the module ended the process before it answered (exit code 1)\n`);
  });

  it('prints to stdout does not disturb --json', async () => {
    const folder = await folderOf(`({ images }) => images.map(() => { console.log('printed'); return 7; })`);
    const { code, stdout, stderr } = await run(folder, '--json');
    expect([code, stderr]).toEqual([0, 'printed\nprinted\nprinted\n']);
    expect(JSON.parse(stdout)).toMatchObject([{ result: 7 }, { result: 7 }]);
    expect((await run(folder)).stdout).toContain('printed\n');
  });
});
