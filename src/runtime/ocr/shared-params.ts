import { devices, type Device } from '../inference/devices.js';
import { z } from '../values/check.js';
import { presetNames } from './presets.js';

/*
 * What the parameters of several stages have in common. Names are those of the params.py of PaddleOCR's hub modules.
 * Defaults and meanings come from `deploy/hubserving/ocr_system/params.py` and `tools/infer/utility.py`, unless the
 * field's source says otherwise.
 *
 * A field's `.meta()` holds its description, unit and source; `perRequest` marks what one request may change.
 */
declare module 'zod' {
  interface GlobalMeta {
    readonly unit?: string;
    readonly source?: string;
    /** Whether one request may set the value; the others are fixed when the models are loaded. */
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

/** The values that one request may put over the parameters of a schema: its fields made by `perRequest`. */
export type Overlay<Schema extends z.ZodObject> = Readonly<
  Partial<Pick<z.output<Schema>, PerRequestName<Schema['shape']> & keyof z.output<Schema>>>
>;

type PerRequestName<Shape> = { [Name in keyof Shape]: Shape[Name] extends PerRequest ? Name : never }[keyof Shape];

export const device = z.enum(devices).default('cpu').meta({
  description:
    'Where the networks run: cpu, or cuda, the GPU that CUDA_VISIBLE_DEVICES names. An error when that is not possible.',
  source: sources.ocrhub,
});

export const use_gpu = z.boolean().default(false).meta({
  description: 'true means device: cuda, whatever device says.',
  source: sources.hub,
});

/** The device that the two parameters mean together. */
export function deviceOf(params: { readonly device: Device; readonly use_gpu: boolean }): Device {
  return params.use_gpu ? 'cuda' : params.device;
}

export const setting = z.enum(presetNames).default('default').meta({
  description:
    'Named values for several parameters at once, which init_args override: accurate and fast trade time for small or faint print; reference answers as the original does; default changes nothing.',
  source: sources.ocrhub,
});

export const precision = z.enum(['auto', 'int8', 'f32']).default('auto').meta({
  description:
    'Whether the networks compute in 8-bit integers, where their set has such a form. auto: on CPUs that gain by it, after a check that they read the same.',
  source: sources.ocrhub,
});
