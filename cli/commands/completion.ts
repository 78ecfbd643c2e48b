import { Argument, Command, type Option } from "commander";
import { printLine } from "./output";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
Examples:
  voice-licenses completion bash \\
    > ~/.local/share/bash-completion/completions/voice-licenses
  echo 'source <(voice-licenses completion zsh)' >> ~/.zshrc
  voice-licenses completion fish \\
    > ~/.config/fish/completions/voice-licenses.fish

A shell completes commands on its PATH:
npm install --global pulumi-voice-licenses puts this one there.
`;

/** `voice-licenses completion`: what a shell needs to complete commands, options and their values. */
export function completionCommand(): Command {
  const command = new Command("completion")
    .description("Prints a script for a shell, which then completes commands, options, their values, and files.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action((shell: Shell) => {
      const commands = (command.parent?.commands ?? []).filter((one) => one.name() !== "help").map(wordsOf);
      printLine(shell === "fish" ? fishScript(commands) : bashScript(commands, shell === "zsh"));
    });
  return command;
}

interface Words {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly Option[];
  /** Values of its first argument. */
  readonly choices: readonly string[];
}

function wordsOf(command: Command): Words {
  return {
    name: command.name(),
    summary: command.summary(),
    options: command.options,
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
}

/** Names and values are the program's own and hold nothing that a shell would read otherwise. */
function bashScript(commands: readonly Words[], zsh: boolean): string {
  const names = commands.map(({ name }) => name).join(" ");
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ long, argChoices, required, optional }) =>
      long === undefined || !(required || optional)
        ? []
        : [`    "${name} ${long}") words="${(argChoices ?? []).join(" ")}" ;;`],
    ),
  );
  const options = commands.map(
    (command) =>
      `      ${command.name}) words="${[...command.options.flatMap(({ long }) => long ?? []), "--help"].join(" ")}" ;;`,
  );
  const choices = commands.flatMap(({ name, choices: some }) =>
    some.length === 0 ? [] : [`      ${name}) words="${some.join(" ")}" ;;`],
  );
  return [
    ...(zsh ? ["autoload -Uz compinit bashcompinit && compinit && bashcompinit"] : []),
    "_voice_licenses() {",
    // Zsh leaves out an empty word at the end.
    '  local current="${COMP_WORDS[COMP_CWORD]-}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]-}" words="" prefix=""',
    // `--format=y` is three words, or one where COMP_WORDBREAKS has no `=`, and in zsh.
    '  case "$previous $current" in',
    '    *" =") current="" ;;',
    '    "= "*) previous="${COMP_WORDS[COMP_CWORD-2]}" ;;',
    '    *" --"*=*) prefix="${current%%=*}=" previous="${current%%=*}" current="${current#*=}" ;;',
    "  esac",
    '  case "$command $previous" in',
    ...values,
    '    *) case "$COMP_CWORD $current" in',
    '      "1 -"*) words="--help --version" ;;',
    `      "1 "*) words="${names} help" ;;`,
    '      *" -"*) case "$command" in',
    ...options,
    "      esac ;;",
    '      *) case "$command" in',
    ...choices,
    `      help) words="${names}" ;;`,
    "      esac ;;",
    "    esac ;;",
    "  esac",
    // No match means a file, which bash and zsh complete themselves.
    '  COMPREPLY=( $(compgen -W "$words" -- "$current") )',
    '  COMPREPLY=( "${COMPREPLY[@]/#/$prefix}" )',
    "}",
    "complete -o default -F _voice_licenses voice-licenses pulumi-voice-licenses",
  ].join("\n");
}

function fishScript(commands: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const root = "complete -c voice-licenses -n __fish_use_subcommand";
  const names = commands.map(({ name }) => name).join(" ");
  return [
    `${root} -f -a help -d 'display help for command'`,
    `${root} -l help -d 'display help for command'`,
    `${root} -l version -d 'output the version number'`,
    `complete -c voice-licenses -n '__fish_seen_subcommand_from help' -f -a ${quoted(names)}`,
    ...commands.flatMap(({ name, summary, options, choices }) => [
      `complete -c voice-licenses -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...options.flatMap(({ long, description, argChoices, required, optional }) => {
        const takes =
          argChoices === undefined ? (required || optional ? " -r" : "") : ` -x -a ${quoted(argChoices.join(" "))}`;
        return long === undefined
          ? []
          : [
              `complete -c voice-licenses -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)}${takes} -d ${quoted(description)}`,
            ];
      }),
      ...(choices.length === 0
        ? []
        : [`complete -c voice-licenses -n '__fish_seen_subcommand_from ${name}' -f -a ${quoted(choices.join(" "))}`]),
      `complete -c voice-licenses -n '__fish_seen_subcommand_from ${name}' -l help -d 'display help for command'`,
    ]),
    "complete -c pulumi-voice-licenses -w voice-licenses",
  ].join("\n");
}
