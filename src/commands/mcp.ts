import { statSync } from 'node:fs';
import { Flags } from '@oclif/core';
import { parseHostPattern } from '../runtime/addresses/host-pattern.js';
import { resolveHome } from '../runtime/config/home.js';
import { readToken } from '../runtime/config/token.js';
import { OcrHubError } from '../runtime/errors/error.js';
import { optionTable } from '../runtime/options/option-table.js';
import { BaseCommand } from './_base.js';
import { repeatFlags } from './_flags.js';

export default class Mcp extends BaseCommand {
  static override enableJsonFlag = false;
  static override summary = 'serve MCP clients such as Claude, Cursor and Zed on standard input and output';
  static override description =
    'Gives a client the tool ocr, which reads a picture or a document by its path, as base64 or by its address, and the resource ocrhub://modules. It reads in this process, with a module as for run; with --url it reads with a server. The client starts it: docs/mcp.md has the settings. Standard output belongs to the protocol, and messages go to stderr.';
  static override examples = [
    '<%= config.bin %> mcp',
    '<%= config.bin %> mcp --root ~/Documents --root ~/Downloads',
    '<%= config.bin %> mcp --url http://127.0.0.1:8868',
  ];
  static override flags = {
    url: Flags.string({ description: 'read with this server, such as http://127.0.0.1:8868' }),
    token_file: Flags.string({
      aliases: ['token-file'],
      description: "file with the server's token; or set OCRHUB_TOKEN",
      dependsOn: ['url'],
    }),
    module: Flags.string({
      char: 'm',
      description:
        'installed module, or folder of a package; with --url the name under which it is served [default: ocr_system]',
    }),
    root: Flags.string({
      description: 'read files in this folder only; several may follow [default: every file that you can read]',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FOLDER',
    }),
    allow_urls: Flags.string({
      aliases: ['allow-urls'],
      description: 'host from which files may be fetched; several may follow [default: none]',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'HOST',
    }),
    set: Flags.string({
      description: 'a parameter: drop_score=0.7; several may follow',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PARAMETER=VALUE',
      exclusive: ['url'],
    }),
    max_pages: Flags.integer({
      aliases: ['max-pages'],
      description: `maximum pages of a file [default: ${optionTable.max_pages.defaultText}]`,
      min: 1,
      exclusive: ['url'],
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Mcp, repeatFlags(this.argv, ['root', 'allow_urls', 'set']));
    const { url, module, root: roots = [], allow_urls: allowUrls = [], set = [], max_pages: maxPages = 100 } = flags;
    checkFlags(flags);
    const write = process.stdout.write.bind(process.stdout);
    // A module may print; its text would break the protocol.
    process.stdout.write = process.stderr.write.bind(process.stderr);
    const { serveMcp } = await import('../runtime/mcp/serve.js');
    if (url === undefined) {
      const { LocalReader } = await import('../runtime/mcp/local-reader.js');
      await serveMcp(new LocalReader({ home: resolveHome(), module, set, maxPages }), { roots, allowUrls }, write);
    } else {
      const { ServerReader } = await import('../runtime/mcp/server-reader.js');
      const reader = new ServerReader({ url, token: await readToken(flags.token_file), module });
      await serveMcp(reader, { roots, allowUrls }, write);
    }
    // The engine keeps the process alive.
    process.exit(0);
  }
}

interface CheckedFlags {
  readonly url?: string | undefined;
  readonly root?: readonly string[] | undefined;
  readonly allow_urls?: readonly string[] | undefined;
}

/**
 * Refuses what would make each call fail: a client shows its user no message of a call as well as that of a start.
 *
 * @throws OcrHubError `value_invalid`
 */
function checkFlags({ url, root = [], allow_urls: hosts = [] }: CheckedFlags): void {
  const refuse = (subject: string, value: string, problem: string): OcrHubError =>
    new OcrHubError('value_invalid', { subject, key: '', value, problem });
  const isServer = url === undefined || (/^https?:\/\//.test(url) && URL.canParse(url) && !/\/predict(\/|$)/.test(url));
  if (!isServer) throw refuse('--url', url, 'expected the address of a server such as http://127.0.0.1:8868');
  const noFolder = root.find((folder) => !(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false));
  if (noFolder !== undefined) throw refuse('--root', noFolder, 'expected a folder');
  const noHost = hosts.find((host) => parseHostPattern(host) === undefined);
  if (noHost !== undefined)
    throw refuse('--allow_urls', noHost, 'expected a host such as files.example.com or *.example.com');
}
