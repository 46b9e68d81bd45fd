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
      'Cut out a tilted line at the height of rec_image_shape in one bilinear step. If false, or if use_angle_cls is true, cut it out at its own size with bicubic interpolation and then resize it, as the reference does.',
    source: sources.ocrhub,
  }),
  page_rotation: perRequest(
    z.literal(['auto', 0, 90, 180, 270]).default('auto').meta({
      description:
        'Degrees by which the page is turned clockwise. auto: lines that are read with little confidence are also tried the other way round, and a page whose lines are surer then is read again turned. The reference reads each page as it is: 0.',
      unit: 'degrees',
      source: sources.ocrhub,
    }),
  ),
  read_narrow: z.boolean().default(true).meta({
    description:
      'Also read a narrow box as it stands if one or two characters were read in it after a quarter turn, such as 一 for I. The reference turns each box that is 1.5 times as high as wide.',
    source: sources.ocrhub,
  }),
  read_displays: z.boolean().default(true).meta({
    description:
      'Also read numbers on displays of seven segments by their segments, which finds points, signs and ones that the recognizer misses. The reference does not.',
    source: sources.ocrhub,
  }),
  read_vertical_marks: z.boolean().default(true).meta({
    description:
      'Also read a column of Chinese or Japanese with its letters side by side, which finds marks that the recognizer skips in a column that lies on its side, such as ー, 、 and 「. The reference does not.',
    source: sources.ocrhub,
  }),
  drop_textures: z.boolean().default(true).meta({
    description:
      'Leave out what is read in a pattern, such as bricks, stripes or the edge of a gradient, if a page has a few characters alone or mostly unsure lines. The reference keeps it.',
    source: sources.ocrhub,
  }),
  use_angle_cls: perRequest(
    z.boolean().default(false).meta({
      description:
        'Whether to find lines that are upside down, and turn them. The hub modules of the reference have true.',
      source: sources.utility,
    }),
  ),
  reading_order: perRequest(
    z.enum(['layout', 'reference']).default('layout').meta({
      description:
        'Order of the lines. layout: as people read, column by column, tables row by row, vertical text from right to left, also on a tilted page. reference: by upper edges, as the reference does.',
      source: sources.ocrhub,
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

/** The parameters of the pipeline that one request may change. */
export type SystemOverlay = Overlay<typeof systemParams>;

/** Returns the schema of an overlay: the fields that one request may set, all optional and without defaults. */
export function perRequestParams(schema: z.ZodObject): z.ZodObject {
  // The JSON Schema also has the marks of fields inside .default() and .optional(). `requestFields` reads it too.
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
