import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import type { Role } from '../models/manifest.js';

/** A network that this process uses. */
export interface ModelInUse {
  readonly role: Role;
  /** Name of the set, or of the folder or file. */
  readonly model: string;
  /** `own`: a model that is not part of a known set. */
  readonly precision: 'int8' | 'f32' | 'own';
  /** Why this precision was chosen. */
  readonly reason: string;
}

/** The networks chosen in this process. */
export function modelsInUse(): ModelInUse[] {
  return [...used.values()];
}

/** Runs a task and answers its result and the networks chosen in it. */
export async function collectModels<T>(task: () => Promise<T>): Promise<{ result: T; models: readonly ModelInUse[] }> {
  const models = new Map<string, ModelInUse>();
  const result = await collecting.run(models, task);
  return { result, models: [...models.values()] };
}

/** Notes a choice. The same key means the same network and parameters. */
export function noteModel(key: string, chosen: ModelInUse): void {
  // Only the last part of a path, because /health is public.
  const shown = { ...chosen, model: path.basename(chosen.model) };
  for (const known of [used, collecting.getStore()]) known?.set(key, shown);
}

const used = new Map<string, ModelInUse>();
const collecting = new AsyncLocalStorage<Map<string, ModelInUse>>();
