import { defaultsFile } from '../../runtime/config/user-config-file.js';
import { defaultNames, meaningOf, readUserDefaults, type UserDefaults } from '../../runtime/config/user-config.js';
import { BaseCommand } from '../_base.js';
import { formatTable } from '../_text.js';

export default class ConfigList extends BaseCommand {
  static override summary = 'list your defaults and what may be set';
  static override examples = ['<%= config.bin %> config list', '<%= config.bin %> config list --json'];

  override async run(): Promise<{ file: string; defaults: UserDefaults }> {
    await this.parse(ConfigList);
    const file = defaultsFile();
    const defaults = readUserDefaults(file);
    const rows = defaultNames.map((name) => [name, String(defaults[name] ?? ''), meaningOf(name)]);
    this.log(`${formatTable(['KEY', 'VALUE', 'MEANING'], rows)}\nFile: ${file}`);
    return { file, defaults };
  }
}
