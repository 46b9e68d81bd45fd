import { OcrHubError } from '../../errors/error.js';
import type { Home } from '../../config/home.js';
import { suitsInt8 } from '../../inference/cpu.js';
import { modelSets } from '../../models/manifest.js';
import { resolveModel, type ResolvedModel } from '../../models/resolve.js';
import { verifyModel } from '../../models/verify.js';
import { noteModel, type ModelInUse } from '../../trace/models-in-use.js';
import type { DetectorParams } from '../detect/params.js';
import { deviceOf } from '../shared-params.js';
import { cachedCheck, type CheckResult } from './check-cache.js';

/** The role of a network that may have an int8 form. */
export type QuantizedRole = 'det' | 'rec';

/** What the parameters say about the precision of one network. */
export interface AskedPrecision extends Pick<DetectorParams, 'precision' | 'device' | 'use_gpu'> {
  /** The parameter that decides; `precision` when left out. */
  readonly by?: 'det_precision';
}

/** The network that a parameter names: `det_model_dir` or `rec_model_dir`. */
export interface NamedModel {
  readonly role: QuantizedRole;
  readonly name: string;
  /** The home folder with downloaded models and remembered checks. */
  readonly home: Home;
}

/** Loads a model and answers what is wrong with its results; undefined when they are right. */
export type ModelCheck = (model: ResolvedModel) => Promise<string | undefined>;

/**
 * Chooses the network that the parameters mean. `precision: auto` takes the set's int8 form on a processor that gains
 * by it, if that form answers as the f32 form does on a built-in page. Speed is not measured: on a busy machine the
 * choice would be random.
 *
 * @throws OcrHubError `value_invalid` when the network does not exist in that precision; the errors of `resolveModel`
 */
export async function chooseModel(
  { role, name, home }: NamedModel,
  { precision, by, ...params }: AskedPrecision,
  check: ModelCheck,
): Promise<ResolvedModel> {
  const device = deviceOf(params);
  const own = resolveModel(role, name, home);
  const int8 = int8Of(role, name);
  const use = (form: ModelInUse['precision'], reason: string): ResolvedModel => {
    const model = form === 'int8' && int8 !== undefined ? int8 : name;
    const key = [role, name, precision, device].join(' ');
    noteModel(key, { role, model, precision: form, reason });
    return model === name ? own : resolveModel(role, model, home);
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
    if (device === 'cuda') {
      const asked = params.use_gpu ? 'use_gpu is true' : 'device is cuda';
      throw refuse(`${asked}, and int8 networks run on the CPU; set precision to auto or f32`);
    }
    return use('int8', 'precision is int8');
  }
  if (!modelSets().has(name)) return use('own', 'a model of your own');
  if (int8 === undefined) return use('f32', 'the only form');
  if (precision === 'f32') return use('f32', `${by ?? 'precision'} is f32`);
  if (device === 'cuda') return use('f32', 'it runs on the GPU');
  if (!suitsInt8()) return use('f32', 'this processor is not x64 with AVX2');
  const { problem, rememberedFrom } = await checkInt8({ role, name: int8, home }, check);
  const when = rememberedFrom === undefined ? '' : ` on ${rememberedFrom}`;
  if (problem !== undefined) return use('f32', `int8 did not pass its check${when}: ${problem}`);
  return use('int8', `int8 passed its check on this processor${when}`);
}

/** A form that is missing or does not load counts as not passed: the f32 form is used instead. */
async function checkInt8({ role, name, home }: NamedModel, check: ModelCheck): Promise<CheckResult> {
  try {
    const model = resolveModel(role, name, home);
    // The file may have been damaged since the remembered check.
    await verifyModel(model);
    return await cachedCheck(home, model, () => check(model));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The set that holds the same network in int8. */
function int8Of(role: QuantizedRole, name: string): string | undefined {
  const int8 = modelSets().get(name)?.int8;
  return int8 !== undefined && modelSets().get(int8)?.files[role] !== undefined ? int8 : undefined;
}

function withoutInt8(role: QuantizedRole, name: string): string {
  const forms = [...modelSets().keys()].filter((known) => int8Of(role, known) !== undefined);
  return `${role}_model_dir ${name} has no int8 form; ${forms.join(', ')} has; set precision to auto or f32`;
}
