import { configFileSchema } from '../../runtime/options/config-file.js';
import { BaseCommand } from '../_base.js';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'print the JSON Schema of the config file of serving start';
  static override description =
    'Put "$schema": "./config.schema.json" into a config file, so that editors check and complete it.';
  static override examples = ['<%= config.bin %> config schema > config.schema.json'];

  override async run(): Promise<object> {
    await this.parse(ConfigSchema);
    const schema = configFileSchema();
    this.log(JSON.stringify(schema, null, 2));
    return schema;
  }
}
