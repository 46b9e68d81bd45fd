import { z } from '../values/check.js';

/** One parameter of a module, as `show` prints it. */
export const parameterInfo = z.object({
  name: z.string(),
  default: z.unknown(),
  type: z.string(),
  range: z.string(),
  // The values of a choice; left out for every other type.
  choices: z.array(z.unknown()).optional(),
  unit: z.string(),
  description: z.string(),
  perRequest: z.boolean(),
});
export type ParameterInfo = z.output<typeof parameterInfo>;

/** A field that a request may carry beside its pictures, as `show` prints it. */
export const fieldInfo = parameterInfo
  .pick({ name: true, type: true, range: true, choices: true, unit: true, description: true })
  .extend({ required: z.boolean() });
export type FieldInfo = z.output<typeof fieldInfo>;
