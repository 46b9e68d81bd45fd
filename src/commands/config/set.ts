import { Args } from '@oclif/core';
import { userConfigFile } from '../../runtime/config/user-config-file.js';
import { requireKey, setUserConfigValue } from '../../runtime/config/user-config.js';
import { BaseCommand } from '../_base.js';

export default class ConfigSet extends BaseCommand {
  static override summary = 'set one of your defaults';
  static override description =
    'Flags and config files override it. Setting home does not move files: to see the servers of the old home folder again, set home back.';
  static override examples = [
    '<%= config.bin %> config set port 8868',
    '<%= config.bin %> config set home /data/ocrhub',
  ];
  static override args = {
    key: Args.string({ description: 'home, port, host or workers', required: true }),
    value: Args.string({ description: 'the value', required: true }),
  };

  override async run(): Promise<{ key: string; value: unknown }> {
    const { args } = await this.parse(ConfigSet);
    const key = requireKey(args.key);
    const value = await setUserConfigValue(userConfigFile(), key, args.value);
    this.log(`${key} is ${String(value)}`);
    const { OCRHUB_HOME: given = '' } = process.env;
    if (key === 'home' && given !== '') this.note(`OCRHUB_HOME is set to ${given}, and it is used instead`);
    return { key, value };
  }
}
