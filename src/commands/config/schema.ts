import { configFileSchema } from '../../runtime/options/config-file.js';
import { BaseCommand } from '../_base.js';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'print the JSON Schema of the config file of serving start';
  static override description =
    'An editor checks and completes a config file that contains "$schema": "./config.schema.json".';
  static override examples = ['<%= config.bin %> config schema > config.schema.json'];

  override async run(): Promise<object> {
    await this.parse(ConfigSchema);
    const schema = configFileSchema();
    this.log(JSON.stringify(schema, null, 2));
    return schema;
  }
}
