import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { root } from '../helpers/cli.js';

const github = path.join(root, '.github');
const files = [
  ...readdirSync(github, { recursive: true, encoding: 'utf8' }).map((name) => path.join('.github', name)),
  path.join('deploy', 'compose.yaml'),
].filter((name) => /\.ya?ml$/.test(name));

interface Job {
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly tags?: readonly string[] } | null>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

function workflow(name: string): Workflow {
  return parse(readFileSync(path.join(github, 'workflows', name), 'utf8')) as Workflow;
}

const commandsOf = ({ jobs }: Workflow): string[] =>
  Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])));

it('the repository has workflows, issue forms and a configuration of dependabot', () => {
  expect(files.map((name) => name.replaceAll('\\', '/'))).toEqual(
    expect.arrayContaining([
      '.github/dependabot.yml',
      '.github/ISSUE_TEMPLATE/bug.yml',
      '.github/workflows/ci.yml',
      '.github/workflows/release.yml',
    ]),
  );
});

describe.each(files)('%s', (file) => {
  it(`${file} is valid YAML`, () => {
    const { errors, warnings } = parseDocument(readFileSync(path.join(root, file), 'utf8'));
    expect([...errors, ...warnings]).toEqual([]);
  });
});

it('CI tests three systems with each Node that package.json supports, checks links and builds the image', () => {
  const ci = workflow('ci.yml');
  expect(ci.jobs['test']?.strategy?.matrix).toEqual({
    os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
    node: [20, 22, 24],
  });
  expect(commandsOf(ci).join('\n')).toMatch(/npm test[^]*npm run links[^]*docker build -f deploy\/Dockerfile/);
});

it('a tag publishes the package with provenance', () => {
  const release = workflow('release.yml');
  expect(release.on['push']?.tags).toEqual(['v*.*.*']);
  expect(release.jobs['publish']?.permissions).toMatchObject({ 'id-token': 'write' });
  expect(commandsOf(release)).toContain('npm publish --provenance --access public');
});

it('the workflows run only scripts that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: object };
  const commands = [...commandsOf(workflow('ci.yml')), ...commandsOf(workflow('release.yml'))].join('\n');
  const named = [...commands.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(1);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});
