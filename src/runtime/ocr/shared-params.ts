import { devices, type Device } from '../inference/devices.js';
import { z } from '../values/check.js';
import { presetNames } from './presets.js';

/*
 * The parameters and marks that several stages share. Names are those of params.py in PaddleOCR's hub modules.
 * Defaults and meanings come from `deploy/hubserving/ocr_system/params.py` and `tools/infer/utility.py`, unless the
 * field's `source` names another file.
 *
 * A field's `.meta()` holds its description, unit and source; `perRequest` marks a field that one request may change.
 */
declare module 'zod' {
  interface GlobalMeta {
    readonly unit?: string;
    readonly source?: string;
    /** Whether one request may set the value. The other values are fixed when the models are loaded. */
    readonly perRequest?: boolean;
  }
}

/** Where a parameter, its default and its meaning come from. */
export const sources = {
  hub: 'deploy/hubserving/ocr_system/params.py',
  utility: 'tools/infer/utility.py',
  ocrhub: 'ocrhub',
} as const;

/** The model set that every default names. */
export const defaultModelSet = 'ppocrv6-small';

/** Marks a parameter that one request may change, for `perRequestParams` and for the type `Overlay`. */
export function perRequest<Field extends z.ZodType>(field: Field): Field & PerRequest {
  return Object.assign(field.meta({ ...field.meta(), perRequest: true }), { perRequest: true } as const);
}

/** The mark of a field made by `perRequest`; it exists at run time as well. */
export interface PerRequest {
  readonly perRequest: true;
}

/** The values of one request that override the parameters of a schema: its fields made by `perRequest`. */
export type Overlay<Schema extends z.ZodObject> = Readonly<
  Partial<Pick<z.output<Schema>, PerRequestName<Schema['shape']> & keyof z.output<Schema>>>
>;

type PerRequestName<Shape> = { [Name in keyof Shape]: Shape[Name] extends PerRequest ? Name : never }[keyof Shape];

export const device = z.enum(devices).default('cpu').meta({
  description:
    'Where the networks run: cpu, or cuda, the GPU that CUDA_VISIBLE_DEVICES names. If that GPU cannot be used, the start fails.',
  source: sources.ocrhub,
});

export const use_gpu = z.boolean().default(false).meta({
  description: 'true means device: cuda, and overrides device.',
  source: sources.hub,
});

/** Returns the device that the parameters `device` and `use_gpu` choose. */
export function deviceOf(params: { readonly device: Device; readonly use_gpu: boolean }): Device {
  return params.use_gpu ? 'cuda' : params.device;
}

export const setting = z.enum(presetNames).default('default').meta({
  description:
    'Preset: values of several parameters, which init_args override. accurate takes longer and reads more small or faint print; fast is for clear print; reference answers as the original does; default changes nothing.',
  source: sources.ocrhub,
});

export const precision = z.enum(['auto', 'int8', 'f32']).default('auto').meta({
  description:
    'Whether the networks compute in 8-bit integers, if their set has such files. auto: on CPUs where it is faster, after a check that the text is the same.',
  source: sources.ocrhub,
});
