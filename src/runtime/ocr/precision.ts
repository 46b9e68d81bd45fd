import { OcrHubError } from '../errors.js';
import { multipliesBytes } from '../inference/cpu.js';
import { modelSets } from '../models/manifest.js';
import { resolveModel, type ResolvedModel } from '../models/resolve.js';
import type { DetectorParams } from './params.js';
import { cachedVerdict } from './verdicts.js';

/** The role of a network that may have an int8 form. */
export type QuantizedRole = 'det' | 'rec';

/** A network that this process uses, and why in this form. */
export interface ModelInUse {
  readonly role: QuantizedRole;
  /** Name of the set, or the folder or file. */
  readonly model: string;
  readonly precision: 'int8' | 'f32' | 'own';
  readonly reason: string;
}

/**
 * The network that the parameters mean: with `precision: auto` its set's int8 form where the processor gains by it and
 * the form proves on a built-in page that it answers as the f32 one does. A clock has no say: on a busy machine it would
 * be a lottery.
 *
 * @param test loads the model and answers what is wrong with what it reads; empty when nothing is
 * @throws OcrHubError `value_invalid` for int8 where there is no such form, and those of `resolveModel`
 */
export async function chooseModel(
  role: QuantizedRole,
  name: string,
  { precision, use_gpu }: Pick<DetectorParams, 'precision' | 'use_gpu'>,
  test: (model: ResolvedModel) => Promise<string>,
): Promise<ResolvedModel> {
  const f32 = resolveModel(role, name);
  const set = modelSets().get(name);
  const use = (model: string, form: ModelInUse['precision'], reason: string): ResolvedModel => {
    used.set(`${role} ${name} ${precision}`, { role, model, precision: form, reason });
    return model === name ? f32 : resolveModel(role, model);
  };
  if (set?.int8 === undefined || modelSets().get(set.int8)?.files[role] === undefined) {
    if (precision === 'int8' && set?.int8 === undefined && !isInt8(name)) throw withoutInt8(role, name);
    return use(name, isInt8(name) ? 'int8' : set === undefined ? 'own' : 'f32', 'the only form');
  }
  if (precision === 'f32') return use(name, 'f32', 'precision is f32');
  if (precision === 'int8') return use(set.int8, 'int8', 'precision is int8');
  if (use_gpu) return use(name, 'f32', 'it runs on the GPU');
  if (multipliesBytes() !== true) return use(name, 'f32', 'this processor is not known to have VNNI');
  const int8 = resolveModel(role, set.int8);
  const problem = await cachedVerdict(int8, () => test(int8));
  if (problem !== '') return use(name, 'f32', `int8 did not pass its check: ${problem}`);
  return use(set.int8, 'int8', 'this processor has VNNI, and int8 passed its check');
}

/** The networks that were chosen in this process, for whoever wants to know which. */
export function modelsInUse(): ModelInUse[] {
  return [...used.values()];
}

const used = new Map<string, ModelInUse>();

function isInt8(name: string): boolean {
  return [...modelSets().values()].some(({ int8 }) => int8 === name);
}

function withoutInt8(role: QuantizedRole, name: string): OcrHubError {
  const forms = [...modelSets()].filter(([, { int8 }]) => int8 !== undefined).map(([known]) => known);
  const problem = `${role}_model_dir ${name} has no int8 form; ${forms.join(', ')} has; set precision to auto or f32`;
  return new OcrHubError('value_invalid', { subject: 'init_args', key: 'precision', value: 'int8', problem });
}
