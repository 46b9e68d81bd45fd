import { randomBytes } from 'node:crypto';
import { OcrHubError } from '../errors/error.js';
import { claimMs, headPart, outcomePart, type ItemKind, type ItemState } from './store.js';

/** Bytes of a random name: 160 bits. */
const nameBytes = 20;

export const prefixes: Readonly<Record<ItemKind, string>> = { job: 'j', file: 'f' };

export function newItemName(kind: ItemKind): string {
  return `${prefixes[kind]}${randomBytes(nameBytes).toString('hex')}`;
}

export function isItemName(name: string): boolean {
  return /^[jf][\da-f]{40}$/.test(name);
}

export function isPartName(name: string): boolean {
  return /^[a-z][a-z\d-]*(?:\.[a-z]+)?$/.test(name);
}

export interface PartInfo {
  readonly mtimeMs: number;
  readonly bytes: number;
}

/**
 * Undefined for an item without the part that every item has.
 *
 * @param now by the clock that set the times of the parts
 */
export function stateOf(parts: ReadonlyMap<string, PartInfo>, now: number): ItemState | undefined {
  const created = parts.get(headPart);
  if (created === undefined) return undefined;
  const finished = parts.get(outcomePart);
  const claims = [...parts].flatMap(([name, { mtimeMs }]) => (name.startsWith('claim-') ? [mtimeMs] : []));
  const renewed = Math.max(...claims);
  return {
    createdAt: new Date(created.mtimeMs),
    finishedAt: finished && new Date(finished.mtimeMs),
    claims: claims.length,
    // A clock that was set back must not keep a claim for ever.
    isClaimed: finished === undefined && Math.abs(now - renewed) < claimMs,
  };
}

/**
 * The part that a worker makes to claim a job; undefined if it cannot be claimed.
 *
 * @param now by the clock that set the times of the parts
 */
export function nextClaim(parts: ReadonlyMap<string, PartInfo>, now: number): string | undefined {
  const state = stateOf(parts, now);
  if (state === undefined || state.isClaimed || state.finishedAt !== undefined) return undefined;
  // Claims that were given back leave gaps.
  const numbers = [...parts.keys()].map((name) => Number(/^claim-(\d+)$/.exec(name)?.[1] ?? 0));
  return `claim-${Math.max(...numbers) + 1}`;
}

/** For lists: an item that was removed meanwhile is left out, and any other error is thrown. */
export function unlessGone(error: unknown): undefined {
  if (!OcrHubError.is(error) || error.code !== 'job_unknown') throw error;
}
