import { Args } from '@oclif/core';
import { requireKey, readUserConfig } from '../../runtime/config/user-config.js';
import { userConfigFile } from '../../runtime/config/user-config-file.js';
import { BaseCommand } from '../_base.js';

export default class ConfigGet extends BaseCommand {
  static override summary = 'print one of your defaults';
  static override examples = ['<%= config.bin %> config get port'];
  static override args = {
    key: Args.string({ description: 'home, port, host or workers', required: true }),
  };

  override async run(): Promise<{ key: string; value: unknown }> {
    const { args } = await this.parse(ConfigGet);
    const key = requireKey(args.key);
    const value = readUserConfig(userConfigFile())[key] ?? null;
    if (value === null) this.note(`${key} is not set`);
    else this.log(String(value));
    return { key, value };
  }
}
