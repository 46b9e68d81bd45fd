import { OcrHubError } from '../../errors/error.js';
import { suitsInt8 } from '../../inference/cpu.js';
import { modelSets } from '../../models/manifest.js';
import { resolveModel, type ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { noteModel, type ModelInUse } from '../../trace/models-in-use.js';
import type { DetectorParams } from '../params.js';
import { cachedVerdict, type Verdict } from './check-cache.js';

/** The role of a network that may have an int8 form. */
export type QuantizedRole = 'det' | 'rec';

/** What the parameters say of the precision of one network. */
export interface AskedPrecision extends Pick<DetectorParams, 'precision' | 'use_gpu'> {
  /** The parameter that says it; `precision` where nothing is said. */
  readonly by?: 'det_precision';
}

/**
 * The network that the parameters mean: with `precision: auto` its set's int8 form where the processor gains by it and
 * the form proves on a built-in page that it answers as the f32 one does. A clock has no say: on a busy machine it
 * would be a lottery.
 *
 * @param test loads the model and answers what is wrong with what it reads; empty when nothing is
 * @throws OcrHubError `value_invalid` for a precision in which there is no such network, and those of `resolveModel`
 */
export async function chooseModel(
  role: QuantizedRole,
  name: string,
  { precision, use_gpu, by }: AskedPrecision,
  test: (model: ResolvedModel) => Promise<string>,
): Promise<ResolvedModel> {
  const own = resolveModel(role, name);
  const int8 = int8Of(role, name);
  const use = (form: ModelInUse['precision'], reason: string): ResolvedModel => {
    const model = form === 'int8' && int8 !== undefined ? int8 : name;
    const key = [role, name, precision, use_gpu].join(' ');
    noteModel(key, { role, model, precision: form, reason });
    return model === name ? own : resolveModel(role, model);
  };
  const refuse = (problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject: 'init_args', key: 'precision', value: precision, problem });
  const f32 = [...modelSets()].find(([, set]) => set.int8 === name)?.[0];
  if (f32 !== undefined) {
    if (precision === 'f32' && by === undefined) throw refuse(`${role}_model_dir ${name} is int8; set it to ${f32}`);
    return use('int8', 'the set is int8');
  }
  if (precision === 'int8') {
    if (int8 === undefined) throw refuse(withoutInt8(role, name));
    if (use_gpu) throw refuse('use_gpu is true, and int8 networks run on the CPU; set precision to auto or f32');
    return use('int8', 'precision is int8');
  }
  if (!modelSets().has(name)) return use('own', 'a model of your own');
  if (int8 === undefined) return use('f32', 'the only form');
  if (precision === 'f32') return use('f32', `${by ?? 'precision'} is f32`);
  if (use_gpu) return use('f32', 'it runs on the GPU');
  if (!suitsInt8()) return use('f32', 'this processor is not x64 with AVX2');
  const { problem, rememberedFrom } = await verdictOn(role, int8, test);
  const when = rememberedFrom === undefined ? '' : ` on ${rememberedFrom}`;
  if (problem !== '') return use('f32', `int8 did not pass its check${when}: ${problem}`);
  return use('int8', `int8 passed its check on this processor${when}`);
}

/** A form that is not here, or does not load, does not pass either; f32 is there. */
async function verdictOn(
  role: QuantizedRole,
  int8: string,
  test: (model: ResolvedModel) => Promise<string>,
): Promise<Verdict> {
  try {
    const model = resolveModel(role, int8);
    // Whatever was found out of it before, it may have been damaged since.
    await verifyModel(model);
    return await cachedVerdict(model, () => test(model));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The set that holds the same network in int8, where there is one. */
function int8Of(role: QuantizedRole, name: string): string | undefined {
  const int8 = modelSets().get(name)?.int8;
  return int8 !== undefined && modelSets().get(int8)?.files[role] !== undefined ? int8 : undefined;
}

function withoutInt8(role: QuantizedRole, name: string): string {
  const forms = [...modelSets().keys()].filter((known) => int8Of(role, known) !== undefined);
  return `${role}_model_dir ${name} has no int8 form; ${forms.join(', ')} has; set precision to auto or f32`;
}
