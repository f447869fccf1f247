import type { CommandGrammar, FlagGrammar, Grammar } from './grammar.ts'

/** For Windows PowerShell 5 and PowerShell 7. */
export function powershell({ defaultCommand, commands }: Grammar): string {
  return `# PowerShell completion of smugdl; in your profile: smugdl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName smugdl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $commands = [ordered]@{
${commands.map(({ name, summary }) => `        ${quoted(name)} = ${quoted(summary)}`).join('\n')}
    }
    $flags = @{
${commands.map(commandFlags).join('\n')}
    }
    $values = @{
${commands.flatMap(commandValues).join('\n')}
    }
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    $before = @($words | Where-Object { $_ -ne $wordToComplete })
    $command = if ($before.Count -gt 1 -and $commands.Contains($before[1])) { $before[1] } else { ${quoted(defaultCommand)} }
    $previous = $before[-1]
    $offers = if ($values.ContainsKey("$command $previous")) { $values["$command $previous"] } else {
        $own = $flags[$command]
        if ($before.Count -le 1) { foreach ($name in $commands.Keys) { ,@($name, $commands[$name]) } }
        $own
    }
    foreach ($offer in $offers) {
        if ($offer[0] -like "$wordToComplete*") {
            [System.Management.Automation.CompletionResult]::new($offer[0], $offer[0], 'ParameterValue', $offer[1])
        }
    }
}
`
}

function commandFlags({ name, flags, words }: CommandGrammar): string {
  const offers = [
    ...words.map((word) => [word, word] as const),
    ...flags.flatMap(({ long, short, help }) => [
      [long, help] as const,
      ...(short === undefined ? [] : [[short, help] as const]),
    ]),
  ]
  return `        ${quoted(name)} = @(${offers.map(([word, help]) => `,@(${quoted(word)}, ${quoted(help)})`).join('; ')})`
}

/** Flags that take a value are in the table even without completions; PowerShell then completes file names. */
function commandValues({ name, flags, next }: CommandGrammar): string[] {
  const offered = (choices: readonly string[]) =>
    choices.map((choice) => `,@(${quoted(choice)}, ${quoted(choice)})`).join('; ')
  const following = next && `        ${quoted(`${name} ${next.after}`)} = @(${offered(next.choices)})`
  const ofFlags = flags.flatMap(({ long, short, value }: FlagGrammar) => {
    if (value === undefined) return []
    return [long, ...(short === undefined ? [] : [short])].map(
      (flag) => `        ${quoted(`${name} ${flag}`)} = @(${offered(value.choices)})`,
    )
  })
  return following === undefined ? ofFlags : [...ofFlags, following]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
