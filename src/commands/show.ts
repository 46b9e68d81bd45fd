import { Args } from '@oclif/core';
import { parseModuleId } from '../runtime/registry/module-id.js';
import { getInstalled, type InstalledModule } from '../runtime/registry/store.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { formatTable } from './_text.js';

export default class Show extends BaseCommand {
  static override summary = 'show an installed module and its parameters';
  static override examples = ['<%= config.bin %> show ocr_system', '<%= config.bin %> show ocr_system==1.0.0'];
  static override args = {
    module: Args.string({ description: 'name, or name==version', required: true }),
  };

  override async run(): Promise<InstalledModule> {
    const { args } = await this.parse(Show);
    const module = await getInstalled(resolveHome(), parseModuleId(args.module));
    this.log(describe(module));
    return module;
  }
}

function describe(module: InstalledModule): string {
  const facts = [
    ['Name', module.name],
    ['Version', module.version],
    ['Summary', module.summary],
    ['Author', module.author],
    ['Location', module.path],
    ['Installed', `${module.installedAt} from ${module.source}`],
  ].map(([name = '', value = '']) => `${name.padEnd(10)}  ${value}`);
  return [facts.join('\n'), ...parameterTable(module), ...fieldTable(module)].join('\n\n');
}

function parameterTable({ parameters }: InstalledModule): string[] {
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

function fieldTable({ fields }: InstalledModule): string[] {
  if (fields.length === 0) return [];
  const rows = fields.map((f) => [f.name, allowed(f), f.unit, f.required ? 'yes' : '', f.description]);
  return [formatTable(['FIELD OF A REQUEST', 'ALLOWED', 'UNIT', 'REQUIRED', 'MEANING'], rows)];
}

function allowed({ type, range }: { type: string; range: string }): string {
  return range === '' ? type : range;
}
