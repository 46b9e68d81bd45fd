/** The files of deploy/ fit the program and each other. With OCRHUB_TEST_FLEET, kubectl and kubernetes-validate judge them too. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/home.js';
import { writeFile } from 'node:fs/promises';

interface Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests: object; readonly limits: object };
}

interface Resource {
  readonly kind: string;
  readonly metadata?: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
    readonly scaleTargetRef?: { readonly name: string };
    readonly selector?: object;
  };
}

const k8s = path.join(root, 'deploy', 'k8s');
const kustomizations = readdirSync(k8s).sort();
const resources = readdirSync(k8s, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) =>
    parseAllDocuments(readFileSync(path.join(k8s, name), 'utf8')).map((document) => {
      expect([name, ...document.errors, ...document.warnings]).toEqual([name]);
      return document.toJS() as Resource;
    }),
  );
const containers = resources.flatMap(({ spec }) => spec?.template?.spec.containers ?? []);

const manifest = JSON.parse(readFileSync(path.join(root, 'oclif.manifest.json'), 'utf8')) as {
  readonly commands: Readonly<Record<string, { readonly flags: Readonly<Record<string, { readonly char?: string }>> }>>;
};

/** The words after `ocrhub` of a container, or of a Dockerfile. */
function ocrhubCommands(): string[][] {
  const dockerfile = readFileSync(path.join(root, 'deploy', 'Dockerfile'), 'utf8');
  const inDockerfile = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)].map(
    ([, words = '']) => JSON.parse(words) as string[],
  );
  const inManifests = containers.map(({ command = [], args = [] }) =>
    command[0] === 'sh' ? (command[2] ?? '').replace(/^exec /, '').split(' ') : [...command, ...args],
  );
  return [...inDockerfile, ...inManifests].map(([program, ...words]) => {
    expect(program).toBe('ocrhub');
    return words;
  });
}

it('the containers run commands and flags that ocrhub has', () => {
  const commands = ocrhubCommands();
  expect(commands.length).toBeGreaterThan(3);
  for (const words of commands) {
    const topic = words.slice(0, 2).join(':');
    const command = manifest.commands[topic] ?? manifest.commands[words[0] ?? ''];
    const names = Object.entries(command?.flags ?? {}).flatMap(([name, { char }]) => [`--${name}`, `-${char ?? name}`]);
    expect(names).toEqual(expect.arrayContaining(words.filter((word) => /^--?[a-z]/.test(word))));
  }
});

it('the port of a container is the one that its command listens on', () => {
  for (const { args = [], ports } of containers) {
    const index = args.findIndex((word) => ['-p', '--health_port'].includes(word));
    expect(ports?.map(({ containerPort }) => String(containerPort))).toEqual(
      index === -1 ? undefined : [args[index + 1]],
    );
  }
});

it('each container asks for what it is limited to', () => {
  for (const { resources: asked } of containers) expect(asked?.requests).toEqual(asked?.limits);
});

it('each autoscaler scales a Deployment that is there', () => {
  const deployments = resources.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata?.name);
  const scaled = resources.flatMap(({ spec }) => spec?.scaleTargetRef?.name ?? []);
  expect(scaled.length).toBeGreaterThan(2);
  expect(deployments).toEqual(expect.arrayContaining(scaled));
});

const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const validate = process.env['KUBERNETES_VALIDATE'] ?? 'kubernetes-validate';
const isThere = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

describe.skipIf(process.env['OCRHUB_TEST_FLEET'] === undefined).each(kustomizations)('deploy/k8s/%s', (name) => {
  const tools = isThere(kubectl, 'version', '--client') && isThere(validate, '--version');
  const skipped = tools ? '' : ' (skipped: kubectl or kubernetes-validate is not installed)';

  it.skipIf(!tools)(`kustomize builds it, and each resource follows its schema${skipped}`, async () => {
    const built = spawnSync(kubectl, ['kustomize', path.join(k8s, name)], { encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([0, '']);
    const file = path.join(await temporaryFolder(), `${name}.yaml`);
    await writeFile(file, built.stdout);
    const { stdout, stderr } = spawnSync(validate, ['-k', '1.32', '--strict', file], { encoding: 'utf8' });
    const kinds = [...built.stdout.matchAll(/^kind: (\w+)/gm)].map(([, kind]) => kind);
    const passed = `${stdout}${stderr}`.match(/passed for resource/g) ?? [];
    // KEDA's resources have no schema there.
    expect(passed.length, `${stdout}${stderr}`).toBe(
      kinds.filter((kind) => !['ScaledObject', 'TriggerAuthentication'].includes(kind ?? '')).length,
    );
  });
});
