import { presets } from '../ocr/presets.js';
import type { ObjectSchema } from '../values/json-schema.js';
import { withDefaults } from './describe-module.js';

type Values = Readonly<Record<string, unknown>>;

/** The values that a module is started with. */
export interface StartValues {
  readonly initArgs: Values;
  readonly predictArgs: Values;
}

/**
 * The fields that a request to a served module may carry beside `images`: the parameters marked `perRequest`, and the
 * module's own fields. Each default is the value that a request gets without the field.
 */
export function requestFields(
  { parameters, fields }: { readonly parameters: ObjectSchema | null; readonly fields: ObjectSchema },
  { initArgs, predictArgs }: StartValues,
): ObjectSchema {
  const declared = parameters?.properties ?? {};
  const settable = Object.entries(declared).filter(([, property]) => property['perRequest'] === true);
  const properties = { ...Object.fromEntries(settable), ...fields.properties };
  const setting = initArgs['setting'] ?? declared['setting']?.default;
  const [, brought = {}] = Object.entries(presets).find(([name]) => name === setting) ?? [];
  return {
    type: 'object',
    properties: withDefaults(properties, { ...brought, ...initArgs, ...predictArgs }),
    required: fields.required.filter((name) => predictArgs[name] === undefined),
  };
}
