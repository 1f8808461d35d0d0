import type { Command } from 'commander';

export const COMPLETION_SHELLS = ['bash', 'zsh'] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

/**
 * A script for the shell that completes names of commands and options, made from the commands that are there. It asks
 * nothing while somebody types: neither the database nor the platform, so ids and names of stores are not completed.
 */
export function completionScript(program: Command, shell: CompletionShell): string {
  const cases = placesBelow(program, '').map(({ place, words }) => `    '${place}') offered='${words.join(' ')}' ;;`);
  return FRAME_OF[shell](`_shopctl_offered() {
  case "$1" in
${cases.join('\n')}
    *) offered='' ;;
  esac
}`);
}

interface Place {
  /** The commands so far, each behind a blank: ` store delete`. */
  readonly place: string;
  readonly words: readonly string[];
}

function placesBelow(command: Command, place: string): Place[] {
  const options = command.options.flatMap(({ long }) => (typeof long === 'string' ? [long] : []));
  const words = [...command.commands.map((each) => each.name()), ...options, '--help'];
  const here = { place, words: [...new Set(words)].filter(isPlain) };
  return [here, ...command.commands.flatMap((each) => placesBelow(each, `${place} ${each.name()}`))];
}

/** Nothing that a shell would read as anything but a word gets into the script. */
const isPlain = (word: string): boolean => /^[A-Za-z0-9-]+$/.test(word);

/** Walks the words before the cursor for as long as they are commands; then `offered` is what may stand there. */
const WALK = `  local place='' next offered=''
  _shopctl_offered ''
  for next in "\${before[@]}"; do
    case "\${next}" in -*) continue ;; esac
    case " \${offered} " in *" \${next} "*) place="\${place} \${next}" ;; *) break ;; esac
    _shopctl_offered "\${place}"
  done`;

const FRAME_OF: Readonly<Record<CompletionShell, (table: string) => string>> = {
  bash: (table) => `# Completion of shopctl for bash. In ~/.bashrc: source <(shopctl completion bash)
${table}
_shopctl() {
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${WALK}
  COMPREPLY=($(compgen -W "\${offered}" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _shopctl shopctl`,
  zsh: (table) => `#compdef shopctl
# Completion of shopctl for zsh. In ~/.zshrc, after compinit: source <(shopctl completion zsh)
${table}
_shopctl() {
  local -a before
  before=("\${(@)words[2,CURRENT-1]}")
${WALK}
  compadd -- \${=offered}
}
compdef _shopctl shopctl`,
};
