import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import type { Role } from '../models/manifest.js';

/** A network that this process uses. */
export interface ModelInUse {
  readonly role: Role;
  /** Name of the set, or of the folder or file. */
  readonly model: string;
  /** `own`: a model that is no known set. */
  readonly precision: 'int8' | 'f32' | 'own';
  /** Why in this precision. */
  readonly reason: string;
}

/** The networks that were chosen in this process, for whoever wants to know which. */
export function modelsInUse(): ModelInUse[] {
  return [...used.values()];
}

/** Runs a task and answers, beside its result, the networks that were chosen in it: whose they are. */
export async function collectModels<T>(task: () => Promise<T>): Promise<{ result: T; models: readonly ModelInUse[] }> {
  const models = new Map<string, ModelInUse>();
  const result = await collecting.run(models, task);
  return { result, models: [...models.values()] };
}

/** Notes a choice; the same key stands for the same network, asked for in the same way. */
export function noteModel(key: string, chosen: ModelInUse): void {
  // Of a path the last part: /health tells it to everybody.
  const told = { ...chosen, model: path.basename(chosen.model) };
  for (const known of [used, collecting.getStore()]) known?.set(key, told);
}

const used = new Map<string, ModelInUse>();
const collecting = new AsyncLocalStorage<Map<string, ModelInUse>>();
