import { userConfigFile } from '../../runtime/config/user-config-file.js';
import { userConfigKeys, describeKey, readUserConfig, type UserConfig } from '../../runtime/config/user-config.js';
import { BaseCommand } from '../_base.js';
import { formatTable } from '../_text.js';

export default class ConfigList extends BaseCommand {
  static override summary = 'list your defaults and the keys that can be set';
  static override examples = ['<%= config.bin %> config list', '<%= config.bin %> config list --json'];

  override async run(): Promise<{ file: string; defaults: UserConfig }> {
    await this.parse(ConfigList);
    const file = userConfigFile();
    const defaults = readUserConfig(file);
    const rows = userConfigKeys.map((name) => [name, String(defaults[name] ?? ''), describeKey(name)]);
    this.log(`${formatTable(['KEY', 'VALUE', 'MEANING'], rows)}\nFile: ${file}`);
    return { file, defaults };
  }
}
