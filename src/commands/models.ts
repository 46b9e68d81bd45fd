import { listSets, type SetInfo } from '../runtime/models/inventory.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { formatBytes, formatTable } from './_text.js';

export default class Models extends BaseCommand {
  static override summary = 'list the model sets, installed and available';
  static override description =
    'A name from the first column is a value for det_model_dir, rec_model_dir or cls_model_dir, if the set holds this kind of model.';
  static override examples = ['<%= config.bin %> models', '<%= config.bin %> models --json'];

  override async run(): Promise<SetInfo[]> {
    await this.parse(Models);
    const sets = listSets(resolveHome());
    this.log(
      formatTable(
        ['SET', 'HOLDS', 'SIZE', 'LICENSE', 'WHERE', 'WHAT'],
        sets.map((set) => [
          set.name,
          set.holds.join(' '),
          formatBytes(set.bytes),
          set.license,
          placeOf(set),
          set.summary,
        ]),
      ),
    );
    return sets;
  }
}

function placeOf({ where, get }: SetInfo): string {
  if (where === 'absent') return `not here: ${get}`;
  if (where === 'partly') return `not all here: ${get}`;
  return where;
}
