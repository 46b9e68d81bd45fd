import { listInstalled, type InstalledModule } from '../runtime/registry/store.js';
import { resolveHome } from '../runtime/settings.js';
import { BaseCommand } from './_base.js';
import { table } from './_table.js';

export default class List extends BaseCommand {
  static override summary = 'list the installed modules';
  static override examples = ['<%= config.bin %> list', '<%= config.bin %> list --json'];

  override async run(): Promise<
    Pick<InstalledModule, 'name' | 'version' | 'path' | 'installedAt' | 'source' | 'hash'>[]
  > {
    await this.parse(List);
    const modules = await listInstalled(resolveHome());
    if (modules.length === 0) this.log('No module is installed. Install one: ocrhub install ocr_system');
    else
      this.log(
        table(
          ['MODULE', 'VERSION', 'INSTALLED', 'FROM'],
          modules.map((m) => [m.name, m.version, m.installedAt, m.source]),
        ),
      );
    return modules.map(({ name, version, path, installedAt, source, hash }) => ({
      name,
      version,
      path,
      installedAt,
      source,
      hash,
    }));
  }
}
