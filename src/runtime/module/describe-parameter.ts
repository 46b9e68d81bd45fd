import type { JsonSchema } from '../values/json-schema.js';
import { rangeOf } from '../values/range.js';

/** A description in words of a module's parameter, or of a request field. */
export interface ParameterWords {
  /** `choice`, `any`, or the types of JSON Schema, joined by "or". */
  readonly type: string;
  /** `from 0 to 1`, or the values of a choice; empty if there is no limit. */
  readonly range: string;
  /** The values of a choice; missing for any other type. */
  readonly choices?: readonly unknown[];
  readonly unit: string;
  readonly description: string;
}

export function describeParameter(schema: JsonSchema): ParameterWords {
  const choices = choicesOf(schema);
  const unit = schema['unit'];
  return {
    type: choices === undefined ? typeOf(schema) : 'choice',
    range: choices === undefined ? rangeOf(schema) : choices.join(', '),
    ...(choices === undefined ? {} : { choices }),
    unit: typeof unit === 'string' ? unit : '',
    description: schema.description ?? '',
  };
}

function choicesOf({ enum: choices, const: only }: JsonSchema): readonly unknown[] | undefined {
  return choices ?? (only === undefined ? undefined : [only]);
}

function typeOf({ type, anyOf }: JsonSchema): string {
  const types = [type ?? anyOf?.map((schema) => typeOf(schema)) ?? 'any'].flat();
  return types.includes('any') ? 'any' : [...new Set(types)].join(' or ');
}
