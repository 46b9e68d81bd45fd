import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/cli.js';

const page = readFileSync(path.join(root, 'docs', 'http-api.md'), 'utf8');

function sourcesOf(room: string): string {
  const folder = path.join(root, 'src', 'runtime', room);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
}

const unique = (names: Iterable<RegExpMatchArray>): string[] =>
  [...new Set([...names].map(([, name = '']) => name))].sort();

describe('docs/http-api.md', () => {
  it('lists every metric of the server, and no other', () => {
    const inCode = unique(sourcesOf('server').matchAll(/name: '(ocrhub_\w+)'/g));
    expect(inCode.length).toBeGreaterThan(5);
    expect(unique(page.matchAll(/^\| `(ocrhub_\w+)`/gm))).toEqual(inCode);
  });

  it('lists every route that answers GET', () => {
    const inCode = unique(sourcesOf('http').matchAll(/\bpage\(\s*'(\/[^']*)'/g));
    expect(inCode).toContain('/health');
    for (const route of inCode) expect(page).toContain(`| \`${route}\``);
  });

  it('names every header of ocrhub that an answer can carry', () => {
    const inCode = unique(
      sourcesOf('http').matchAll(/'(X-[A-Z][\w-]+|Server-Timing|Retry-After|WWW-Authenticate|Allow)'/g),
    );
    expect(inCode).toContain('X-Request-Id');
    for (const header of inCode) expect(page).toContain(`| \`${header}`);
  });
});
