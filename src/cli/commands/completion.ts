import { defineCommand } from '../command.ts'
import { bash } from '../completion/bash.ts'
import { fish } from '../completion/fish.ts'
import { grammarOf } from '../completion/grammar.ts'
import { offers } from '../completion/offers.ts'
import { powershell } from '../completion/powershell.ts'
import { zsh } from '../completion/zsh.ts'
import { exits } from '../exit.ts'

const scripts = { bash, zsh, fish, powershell }

export const completion = defineCommand({
  flags: {},
  positionals: {
    shell: { required: true, choices: ['bash', 'zsh', 'fish', 'powershell'], help: 'the shell that is to complete' },
  },
  examples: [
    ['source <(smugdl completion bash)', 'completes in this shell; put the line into ~/.bashrc for every shell'],
    ['smugdl completion zsh > ~/.zfunc/_smugdl', 'for zsh, with ~/.zfunc in its fpath'],
    ['smugdl completion fish > ~/.config/fish/completions/smugdl.fish', 'for fish'],
    ['smugdl completion powershell | Out-String | Invoke-Expression', 'for PowerShell, in its profile'],
  ],
  exits: exits(0, 2),
  async run({ shell }, { io, commands }) {
    io.stdout.writeUnwrapped(scripts[shell](grammarOf((await commands?.()) ?? [], await offers())))
    return 0
  },
})
