import { Args, Flags } from '@oclif/core';
import { userConfigFile } from '../../runtime/config/user-config-file.js';
import { requireKey, resetUserConfig, unsetUserConfigValue } from '../../runtime/config/user-config.js';
import { BaseCommand } from '../_base.js';

export default class ConfigUnset extends BaseCommand {
  static override summary = 'unset one or all of your defaults';
  static override examples = ['<%= config.bin %> config unset port', '<%= config.bin %> config unset --all'];
  static override args = {
    key: Args.string({ description: 'home, port, host or workers' }),
  };
  static override flags = {
    all: Flags.boolean({
      description: 'remove all defaults, even from a damaged file; keeps the old file under another name',
      default: false,
    }),
  };

  override async run(): Promise<UnsetJson> {
    const { args, flags } = await this.parse(ConfigUnset);
    if (flags.all === (args.key !== undefined)) this.error('Name one key, or use --all', { exit: 2 });
    return args.key === undefined ? this.#all() : this.#one(args.key);
  }

  async #all(): Promise<UnsetJson> {
    const kept = await resetUserConfig(userConfigFile());
    this.log(kept === undefined ? 'No default was set' : `All defaults are now unset; the old file is ${kept}`);
    return { unset: kept !== undefined };
  }

  async #one(key: string): Promise<UnsetJson> {
    const unset = await unsetUserConfigValue(userConfigFile(), key);
    // Unknown keys can be removed too.
    if (!unset) requireKey(key);
    this.log(unset ? `${key} is now unset` : `${key} was not set`);
    return { key, unset };
  }
}

interface UnsetJson {
  readonly key?: string;
  readonly unset: boolean;
}
