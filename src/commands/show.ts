import { Args } from '@oclif/core';
import { parseModuleId } from '../runtime/registry/module-id.js';
import { describeParameter, type ParameterWords } from '../runtime/module/describe-parameter.js';
import { getInstalled, type InstalledModule } from '../runtime/registry/store.js';
import type { ObjectSchema } from '../runtime/values/json-schema.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { printableLine } from './_printable.js';
import { formatTable } from './_text.js';

export default class Show extends BaseCommand {
  static override summary = 'show an installed module and its parameters';
  static override examples = ['<%= config.bin %> show ocr_system', '<%= config.bin %> show ocr_system==1.0.0'];
  static override args = {
    module: Args.string({ description: 'name, or name==version', required: true }),
  };

  override async run(): Promise<ShowJson> {
    const { args } = await this.parse(Show);
    const module = await getInstalled(resolveHome(), parseModuleId(args.module));
    const shown = toJson(module);
    this.log(describe(shown));
    return shown;
  }
}

interface ShowJson extends Omit<InstalledModule, 'parameters' | 'fields'> {
  readonly parameters: readonly Parameter[];
  readonly fields: readonly Field[];
}

interface Parameter extends ParameterWords {
  readonly name: string;
  readonly default: unknown;
  readonly perRequest: boolean;
}

interface Field extends ParameterWords {
  readonly name: string;
  readonly required: boolean;
}

function toJson(module: InstalledModule): ShowJson {
  return { ...module, parameters: parametersOf(module.parameters), fields: fieldsOf(module.fields) };
}

function parametersOf(schema: ObjectSchema | null): Parameter[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    default: property.default,
    ...describeParameter(property),
    perRequest: property['perRequest'] === true,
  }));
}

function fieldsOf({ properties, required }: ObjectSchema): Field[] {
  return Object.entries(properties).map(([name, property]) => ({
    name,
    ...describeParameter(property),
    required: required.includes(name),
  }));
}

function describe(module: ShowJson): string {
  const facts = [
    ['Name', module.name],
    ['Version', module.version],
    ['Summary', module.summary],
    ['Author', module.author],
    ['Location', module.path],
    ['Installed', `${module.installedAt} from ${module.source}`],
  ].map(([name = '', value = '']) => `${name.padEnd(10)}  ${printableLine(value)}`);
  return [facts.join('\n'), ...parameterTable(module), ...fieldTable(module)].join('\n\n');
}

function parameterTable({ parameters }: ShowJson): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map((p) => [
    p.name,
    p.default === undefined ? '' : JSON.stringify(p.default),
    allowed(p),
    p.unit,
    p.perRequest ? 'yes' : '',
    p.description,
  ]);
  return [formatTable(['PARAMETER', 'VALUE', 'ALLOWED', 'UNIT', 'PER REQUEST', 'MEANING'], rows)];
}

function fieldTable({ fields }: ShowJson): string[] {
  if (fields.length === 0) return [];
  const rows = fields.map((f) => [f.name, allowed(f), f.unit, f.required ? 'yes' : '', f.description]);
  return [formatTable(['FIELD OF A REQUEST', 'ALLOWED', 'UNIT', 'REQUIRED', 'MEANING'], rows)];
}

function allowed({ type, range }: { type: string; range: string }): string {
  return range === '' ? type : range;
}
