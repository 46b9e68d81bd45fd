import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../helpers/cli.js';

const golden = path.join(root, 'test', 'golden', 'command-surface.txt');

/** oclif.manifest.json, as `npm run build` writes it. */
const manifest = z.object({
  commands: z.record(
    z.string(),
    z.object({
      strict: z.boolean(),
      args: z.record(
        z.string(),
        z.object({ name: z.string(), required: z.boolean().optional(), options: z.array(z.string()).optional() }),
      ),
      flags: z.record(
        z.string(),
        z.object({
          name: z.string(),
          char: z.string().optional(),
          aliases: z.array(z.string()).optional(),
          type: z.enum(['boolean', 'option']),
          helpValue: z.string().optional(),
          multiple: z.boolean().optional(),
          required: z.boolean().optional(),
          options: z.array(z.string()).optional(),
          default: z.union([z.string(), z.number(), z.boolean()]).optional(),
          exclusive: z.array(z.string()).optional(),
          dependsOn: z.array(z.string()).optional(),
          atLeastOne: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

type Command = z.infer<typeof manifest>['commands'][string];
type Flag = Command['flags'][string];

/** A line each command, argument and flag, with everything that a script may depend on. */
function describeCommand([id, { args, flags, strict }]: readonly [string, Command]): string {
  const lines = [
    id.replaceAll(':', ' '),
    ...Object.values(args).map(({ name, required, options }) =>
      ['  ', name, required === true ? ' (required)' : '', listed('one of', options)].join(''),
    ),
    ...(strict ? [] : ['  ...']),
    ...Object.values(flags)
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(describeFlag),
  ];
  return lines.join('\n');
}

function describeFlag(flag: Flag): string {
  const names = [`--${flag.name}`, ...(flag.aliases ?? []).map((alias) => `--${alias}`)];
  if (flag.char !== undefined) names.push(`-${flag.char}`);
  return [
    `  ${names.join(', ')}`,
    flag.type === 'boolean' ? '' : ` ${flag.helpValue ?? 'VALUE'}`,
    flag.required === true ? ' (required)' : '',
    flag.multiple === true ? ' (several values)' : '',
    flag.default === undefined ? '' : ` (default ${String(flag.default)})`,
    listed('one of', flag.options),
    listed('not with', flag.exclusive),
    listed('needs', flag.dependsOn),
    listed('at least one of', flag.atLeastOne),
  ].join('');
}

function listed(words: string, names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : ` (${words} ${names.join(', ')})`;
}

it('every command has the arguments, flags and defaults of test/golden/command-surface.txt', async () => {
  const { commands } = manifest.parse(JSON.parse(await readFile(path.join(root, 'oclif.manifest.json'), 'utf8')));
  const surface = Object.entries(commands)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(describeCommand)
    .join('\n\n');
  // `npx vitest run test/commands/surface.test.ts -u` accepts a change.
  await expect(`${surface}\n`).toMatchFileSnapshot(golden);
});
