import { OcrHubError } from '../errors.js';
import type { ServiceModule } from '../module.js';
import { check, rangeOf, z } from '../schema.js';
import type { ParameterInfo } from './store.js';

/**
 * The parameters that a module declares, with the values of its `params.ts` as defaults.
 *
 * @throws OcrHubError `value_unknown`, `value_invalid` when params.ts holds a value that its own schema refuses
 */
export function describeParameters(module: ServiceModule, folder: string): ParameterInfo[] {
  if (module.schema === undefined) return [];
  const values: Record<string, unknown> = check(module.schema.strict(), module.params ?? {}, `params.ts of ${folder}`);
  const properties = z.toJSONSchema(module.schema, { io: 'input', unrepresentable: 'any' }).properties ?? {};
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean')
      throw new OcrHubError('module_shape', { folder, problem: `schema.${name} has no type` });
    return {
      name,
      default: values[name],
      type: typeOf(property),
      range: allowedOf(property),
      unit: typeof property['unit'] === 'string' ? property['unit'] : '',
      description: property.description ?? '',
      perRequest: property['perRequest'] === true,
    };
  });
}

type Property = z.core.JSONSchema.BaseSchema;

function typeOf(property: Property): string {
  if (property.enum !== undefined) return 'choice';
  return Array.isArray(property.type) ? property.type.join(' or ') : (property.type ?? 'any');
}

function allowedOf(property: Property): string {
  return property.enum === undefined ? rangeOf(property) : property.enum.join(', ');
}
