import { Args, Flags } from '@oclif/core';
import { createPackage, type CreatedPackage } from '../runtime/authoring/create.js';
import { BaseCommand } from './_base.js';

export default class Create extends BaseCommand {
  static override summary = 'copy a package under a new name, to edit it';
  static override examples = [
    '<%= config.bin %> create ./my_ocr --from ocr_system',
    '<%= config.bin %> create ./services/receipts --from ocr_system --name receipts',
  ];
  static override args = {
    folder: Args.string({
      description: 'folder to write; its base name is the name of the module',
      required: true,
    }),
  };
  static override flags = {
    from: Flags.string({ description: 'stock package or folder to copy', default: 'ocr_system' }),
    name: Flags.string({ description: 'name of the module [default: the base name of the folder]' }),
  };

  override async run(): Promise<CreateJson> {
    const { args, flags } = await this.parse(Create);
    const { name, path } = await createPackage(args.folder, flags.from, { name: flags.name });
    this.log(`Wrote ${path}`);
    this.log(`Edit module.ts and params.ts, then: ${this.config.bin} install ${args.folder}`);
    return { name, path };
  }
}

type CreateJson = Pick<CreatedPackage, 'name' | 'path'>;
