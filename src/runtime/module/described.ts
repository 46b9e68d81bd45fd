import { OcrHubError } from '../errors/error.js';
import type { Module } from './define.js';
import { check, rangeOf, z } from '../values/check.js';
import type { FieldInfo, ParameterInfo } from './parameter-info.js';

/**
 * The parameters that a module declares, with the values of its `params.ts` as defaults.
 *
 * @throws OcrHubError `value_unknown`, `value_invalid` when params.ts holds a value that its own schema refuses
 */
export function describeParameters(module: Module, folder: string): ParameterInfo[] {
  if (module.schema === undefined) return [];
  const values: Record<string, unknown> = check(module.schema.strict(), module.params ?? {}, `params.ts of ${folder}`);
  return propertiesOf(module.schema, 'schema', folder).map(([name, property]) => ({
    ...describe(name, property),
    default: values[name],
    perRequest: property['perRequest'] === true,
  }));
}

/** The fields that requests to a module may carry beside `images` and the parameters marked `perRequest`. */
export function describeFields({ fields }: Module, folder: string): FieldInfo[] {
  if (fields === undefined) return [];
  const required = new Set(z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' }).required);
  return propertiesOf(fields, 'fields', folder).map(([name, property]) => ({
    ...describe(name, property),
    required: required.has(name),
  }));
}

type Property = z.core.JSONSchema.BaseSchema;

function propertiesOf(schema: z.ZodObject, member: string, folder: string): [string, Property][] {
  const properties = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {};
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean')
      throw new OcrHubError('module_shape', { folder, problem: `${member}.${name} has no type` });
    return [name, property];
  });
}

function describe(name: string, property: Property) {
  return {
    name,
    type: typeOf(property),
    range: allowedOf(property),
    ...(property.enum === undefined ? {} : { choices: property.enum }),
    unit: typeof property['unit'] === 'string' ? property['unit'] : '',
    description: property.description ?? '',
  };
}

function typeOf(property: Property): string {
  if (property.enum !== undefined) return 'choice';
  return Array.isArray(property.type) ? property.type.join(' or ') : (property.type ?? 'any');
}

function allowedOf(property: Property): string {
  return property.enum === undefined ? rangeOf(property) : property.enum.join(', ');
}
