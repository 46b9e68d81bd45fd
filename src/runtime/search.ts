import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listSets } from './models/inventory.js';
import type { Home } from './config/home.js';
import { findPackage, listStock } from './registry/package-folder.js';
import { listInstalled } from './registry/store.js';

/** A module or a model set that is on this machine, or can be installed or downloaded. */
export interface SearchResult {
  readonly kind: 'module' | 'models';
  readonly name: string;
  readonly summary: string;
  readonly here: boolean;
  /** The command that installs or downloads it; empty if it is on this machine. */
  readonly get: string;
}

/** Finds the modules and model sets whose name or summary contains every word of `keywords`. Ignores case. */
export async function search(home: Home, keywords: string): Promise<SearchResult[]> {
  const words = keywords.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...(await modules(home)), ...sets(home)];
  return all.filter(({ kind, name, summary }) => {
    const text = `${kind} ${name} ${summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

async function modules(home: Home): Promise<SearchResult[]> {
  const installed = new Map<string, string>();
  for (const { name, summary } of await listInstalled(home)) if (!installed.has(name)) installed.set(name, summary);
  const stock = (await listStock()).filter((name) => !installed.has(name));
  return [
    ...[...installed].map(([name, summary]) => ({ kind: 'module' as const, name, summary, here: true, get: '' })),
    ...(await Promise.all(
      stock.map(async (name) => {
        const summary = await stockSummary(name);
        return { kind: 'module' as const, name, summary, here: false, get: `ocrhub install ${name}` };
      }),
    )),
  ];
}

/** Reads the summary from the source text, because a package's code must not run before it is installed. */
async function stockSummary(name: string): Promise<string> {
  const { folder, module } = await findPackage(name);
  const text = await readFile(path.join(folder, module), 'utf8');
  return /\bsummary:\s*(['"])(.*?)\1,/.exec(text)?.[2] ?? '';
}

function sets(home: Home): SearchResult[] {
  return listSets(home).map(({ name, summary, get }) => ({ kind: 'models', name, summary, here: get === '', get }));
}
