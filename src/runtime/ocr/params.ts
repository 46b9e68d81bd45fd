import { z } from '../values/check.js';
import { toObjectSchema } from '../values/to-json-schema.js';
import { classifierParams } from './classify/params.js';
import { detectorParams } from './detect/params.js';
import { recognizerParams } from './recognize/params.js';
import { perRequest, sources, type Overlay } from './shared-params.js';

/** The parameters of the whole pipeline: those of all stages, and its own. */
export const systemParams = z.strictObject({
  ...detectorParams.shape,
  ...classifierParams.shape,
  ...recognizerParams.shape,
  crop_once: z.boolean().default(true).meta({
    description:
      'Cut a tilted line out at the height of rec_image_shape, bilinear, in one step. The reference cuts it out at its own size, bicubic, and resizes that; so does this where use_angle_cls is true.',
    source: sources.ocrhub,
  }),
  use_angle_cls: perRequest(
    z.boolean().default(false).meta({
      description:
        'Whether lines are checked for being upside down, and turned. The reference has true in hub modules.',
      source: sources.utility,
    }),
  ),
  drop_score: perRequest(
    z.number().min(0).max(1).default(0.5).meta({
      description: 'Confidence below which a line is left out of the answer.',
      unit: 'probability',
      source: sources.utility,
    }),
  ),
});

export type SystemParams = Readonly<z.output<typeof systemParams>>;

/** What one request may change of the pipeline's parameters. */
export type SystemOverlay = Overlay<typeof systemParams>;

/** The fields of a schema that one request may set, all optional and without defaults: the schema of an overlay. */
export function perRequestParams(schema: z.ZodObject): z.ZodObject {
  // The JSON Schema has the marks of fields inside .default() and .optional(), and `requestFields` goes by it too.
  const { properties } = toObjectSchema(schema);
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>)
    .filter(([name]) => properties[name]?.['perRequest'] === true)
    .map(([name, field]) => [name, withoutDefault(field).optional()] as const);
  return z.strictObject(Object.fromEntries(fields));
}

function withoutDefault(field: z.ZodType): z.ZodType {
  const isWrapped = field instanceof z.ZodDefault || field instanceof z.ZodOptional;
  return isWrapped ? withoutDefault(field.unwrap() as z.ZodType) : field;
}
