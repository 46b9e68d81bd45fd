/** A command in oclif.manifest.json. */
interface Command {
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly args: Readonly<Record<string, Argument>>;
  readonly flags: Readonly<Record<string, Flag>>;
}

interface Argument {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
}

interface Flag {
  readonly name: string;
  readonly char?: string;
  readonly description?: string;
  readonly type: 'option' | 'boolean';
  readonly multiple?: boolean;
  readonly helpValue?: string;
  readonly options?: readonly string[];
}

export interface Manifest {
  readonly commands: Readonly<Record<string, Command>>;
}

/** The part of docs/commands.md that is made from oclif.manifest.json: a table of all commands, and a section for each. */
export function commandsPage({ commands }: Manifest): string {
  const all = Object.values(commands).sort((a, b) => (a.id < b.id ? -1 : 1));
  const rows = all.map((command) => {
    const name = nameOf(command);
    return `| [\`${name}\`](#${name.replaceAll(' ', '-')}) | ${cell(command.summary)} |`;
  });
  return [
    '## All commands',
    ['| command | what it does |', '| --- | --- |', ...rows].join('\n'),
    ...all.map(section),
  ].join('\n\n');
}

function section(command: Command): string {
  const name = nameOf(command);
  const args = Object.values(command.args);
  const flags = Object.values(command.flags).filter((flag) => flag.name !== 'json');
  const usage = [name, ...args.map(({ name: arg, required }) => (required === true ? `<${arg}>` : `[${arg}]`))];
  const parts = [
    `### ${name}`,
    sentence(command.summary),
    `\`\`\`\nocrhub ${usage.join(' ')}${flags.length > 0 ? ' [flags]' : ''}\n\`\`\``,
    command.description ?? '',
    table('argument', args.map(argumentRow)),
    table('flag', flags.map(flagRow)),
    examples(command),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function argumentRow({ name, description, options }: Argument): string {
  return `| \`${name}\` | ${cell(description)}${choices(options)} |`;
}

function flagRow({ name, char, description, type, multiple, helpValue, options }: Flag): string {
  const value = type === 'boolean' ? '' : ` ${helpValue ?? 'VALUE'}${multiple === true ? '...' : ''}`;
  return `| \`${char === undefined ? '' : `-${char}, `}--${name}${value}\` | ${cell(description)}${choices(options)} |`;
}

function choices(options: readonly string[] | undefined): string {
  return options === undefined ? '' : ` (${options.join(', ')})`;
}

function table(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : [`| ${title} | meaning |`, '| --- | --- |', ...rows].join('\n');
}

function examples(command: Command): string {
  const lines = (command.examples ?? []).map((line) => line.replaceAll('<%= config.bin %>', 'ocrhub'));
  return lines.length === 0 ? '' : `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** `serving:start` is typed as `serving start`. */
function nameOf({ id }: Command): string {
  return id.replaceAll(':', ' ');
}

function sentence(text = ''): string {
  return text === '' ? '' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1).replace(/\.$/, '')}.`;
}

/** Markdown would take <name> for an element, and | for the end of the cell. */
function cell(text = ''): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*');
}
