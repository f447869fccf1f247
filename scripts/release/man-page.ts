import { type AnyCommand, type Flag, flagName } from '../../src/cli/command.ts'
import { type CommandName, commands } from '../../src/cli/commands.ts'
import { variables } from '../../src/cli/environment.ts'
import { exits } from '../../src/cli/exit.ts'
import { flagUsage } from '../../src/cli/help.ts'

/** The manual page `smugdl(1)` in roff, see man(7), from the definitions that `--help` shows. `date` is `2026-11-24`. */
export function manPage(
  definitions: readonly (readonly [CommandName, AnyCommand])[],
  { version, date }: { version: string; date: string },
): string {
  return [
    `.TH SMUGDL 1 ${date} "smugdl ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'smugdl \\- bring a whole SmugMug account home and prove that nothing is missing',
    '.SH SYNOPSIS',
    '.B smugdl',
    '[\\fICOMMAND\\fR] [\\fIFLAG\\fR...]',
    '.SH COMMANDS',
    ...definitions.flatMap(([name, command]) => commandLines(name, command)),
    '.SH ENVIRONMENT',
    ...Object.entries(variables).flatMap(([name, meaning]) => item(`\\fB${roff(name)}\\fR`, sentence(meaning))),
    '.SH EXIT STATUS',
    ...exitLines(exits(0, 1, 2, 3, 4, 5, 70, 130)),
    '',
  ].join('\n')
}

function commandLines(name: CommandName, command: AnyCommand): string[] {
  const positionals = Object.entries(command.positionals ?? {})
  const usage = positionals.map(([key, { required }]) => {
    const word = `\\fI${roff(key.toUpperCase())}\\fR`
    return required ? ` ${word}` : ` [${word}]`
  })
  return [
    `.SS smugdl ${roff(flagName(name))}${usage.join('')}`,
    roff(`${commands[name].summary}.`),
    ...(command.about === undefined ? [] : ['.PP', ...command.about.split('\n').map(roff)]),
    ...positionals.flatMap(([key, { help, choices }]) =>
      item(
        `\\fI${roff(key.toUpperCase())}\\fR`,
        sentence(choices === undefined ? help : `${help}: ${choices.join(', ')}`),
      ),
    ),
    ...Object.entries(command.flags).flatMap(([key, flag]) => flagLines(key, flag)),
    ...command.examples.flatMap(([line, does]) => ['.PP', '.EX', roff(line), '.EE', sentence(does)]),
  ]
}

function flagLines(key: string, flag: Flag): string[] {
  const { usage, facts } = flagUsage(key, flag)
  return item(`\\fB${roff(usage)}\\fR`, roff(`${flag.help}. [${facts}]`))
}

function exitLines(meanings: AnyCommand['exits']): string[] {
  return Object.entries(meanings).flatMap(([code, meaning]) => item(`\\fB${code}\\fR`, sentence(meaning)))
}

function item(term: string, text: string): string[] {
  return ['.TP', term, text]
}

function sentence(text: string): string {
  return roff(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
}

/** Text as it is: a backslash, a hyphen that is meant as such, and a line that begins like a request mean something to roff. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\(rs')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
}
