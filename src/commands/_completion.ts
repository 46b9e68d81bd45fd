import type { Command } from '@oclif/core';

type Known = Pick<Command.Loadable, 'id' | 'flags'>;

/** The commands whose first argument is an installed module. */
const takeModules = new Set(['run', 'show', 'uninstall']);

/**
 * A completion function for bash, which zsh can run too. It completes commands, their flags and the names of installed
 * modules. It does not start ocrhub: commands and flags are part of the script, and modules are folder names.
 */
export function bashCompletion(bin: string, commands: readonly Known[], home: string): string {
  const paths = commands.map(({ id, flags }) => ({ path: id.replaceAll(':', ' '), flags: flagNames(flags) }));
  const heads = unique(paths.map(({ path }) => path.split(' ')[0] ?? ''));
  const topics = unique(paths.flatMap(({ path }) => (path.includes(' ') ? [path.split(' ')[0] ?? ''] : [])));
  const tails = (topic: string): string[] =>
    paths.flatMap(({ path }) => (path.startsWith(`${topic} `) ? [path.slice(topic.length + 1)] : []));
  return `_${bin}() {
  local i word current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" first= second= flags= words=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) continue ;; esac
    if [ -z "$first" ]; then first="$word"; elif [ -z "$second" ]; then second="$word"; fi
  done
  case "$first" in
    '') words="${heads.join(' ')}" ;;
${topics.map((topic) => `    ${topic}) if [ -z "$second" ]; then words="${tails(topic).join(' ')}"; fi ;;`).join('\n')}
    ${[...takeModules].filter((name) => heads.includes(name)).join('|')}) if [ -z "$second" ]; then words="$(_${bin}_modules)"; fi ;;
  esac
  case "$first $second" in
${paths.map(({ path, flags }) => `    ${path.includes(' ') ? `'${path}'` : `'${path} '*`}) flags="${flags.join(' ')}" ;;`).join('\n')}
  esac
  case "$previous" in
    -m|--module|--modules) words="$(_${bin}_modules)" ;;
  esac
  case "$current" in
    -*) words="$flags" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

_${bin}_modules() {
  command ls "\${OCRHUB_HOME:-${home.replace(/["$`\\}]/g, '\\$&')}}/modules" 2>/dev/null
}

complete -o default -F _${bin} ${bin}
`;
}

/** Runs the bash function with zsh's emulation of bash. */
export function zshCompletion(bash: string): string {
  return `autoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function flagNames(flags: Known['flags']): string[] {
  const names = Object.values(flags).flatMap(({ name, char }) => [
    `--${name}`,
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
  return [...names, '--help'];
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
