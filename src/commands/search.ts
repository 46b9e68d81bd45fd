import { Args } from '@oclif/core';
import { search, type SearchResult } from '../runtime/search.js';
import { resolveHome } from '../runtime/config/home.js';
import { BaseCommand } from './_base.js';
import { formatTable } from './_text.js';

export default class Search extends BaseCommand {
  static override summary = 'search for modules and model sets, installed and available';
  static override description =
    'Lists the modules and model sets whose name or summary contains every word. Does not use the network.';
  static override examples = ['<%= config.bin %> search ocr', '<%= config.bin %> search models korean'];
  static override strict = false;
  static override args = {
    keyword: Args.string({ description: 'word of the name or the summary; more words may follow', required: true }),
  };

  override async run(): Promise<SearchResult[]> {
    const { argv } = await this.parse(Search);
    const keywords = (argv as string[]).join(' ');
    const found = await search(resolveHome(), keywords);
    if (found.length === 0) this.log(`No match for "${keywords}"`);
    else
      this.log(
        formatTable(
          ['NAME', 'KIND', 'HERE', 'WHAT'],
          found.map(({ name, kind, here, get, summary }) => [name, kind, here ? 'yes' : get, summary]),
        ),
      );
    return found;
  }
}
