import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { bash } from '../completion/bash.ts'
import { fish } from '../completion/fish.ts'
import { grammarOf } from '../completion/grammar.ts'
import { offers } from '../completion/offers.ts'
import { powershell } from '../completion/powershell.ts'
import { zsh } from '../completion/zsh.ts'
import { exits } from '../exit.ts'
import { outputFlag } from '../flags.ts'

const scripts = { bash, zsh, fish, powershell }

export const completion = defineCommand({
  flags: outputFlag,
  positionals: {
    shell: {
      required: true,
      choices: ['bash', 'zsh', 'fish', 'powershell', 'albums'],
      help: 'the shell to complete for; its script calls "albums", which prints those of the home',
    },
    words: { required: false, many: true, help: 'for albums: the line typed so far' },
  },
  examples: [
    ['source <(smugdl completion bash)', 'completes in this shell; put the line into ~/.bashrc for every shell'],
    ['smugdl completion zsh > ~/.zfunc/_smugdl', 'for zsh, with ~/.zfunc in its fpath'],
    ['smugdl completion fish > ~/.config/fish/completions/smugdl.fish', 'for fish'],
    ['smugdl completion powershell | Out-String | Invoke-Expression', 'for PowerShell, in its profile'],
  ],
  exits: exits(0, 2),
  async run({ shell, words, output }, { io, commands }) {
    if (shell === 'albums') {
      const [{ albumsToOffer }, { typedLine }] = await Promise.all([
        import('../../app/albums-to-offer.ts'),
        import('../completion/typed-line.ts'),
      ])
      const typed = typedLine(words, io)
      const offers = await albumsToOffer({ ...typed, output: typed.output ?? output }, { environment: io })
      io.stdout.writeUnwrapped(offers.map((path) => `${path}\n`).join(''))
      return 0
    }
    const [excess] = words
    if (excess !== undefined)
      throw new SmugdlError('usage', {
        what: 'smugdl completion: unexpected argument',
        item: excess,
        next: 'It takes one shell.',
      })
    io.stdout.writeUnwrapped(scripts[shell](grammarOf((await commands?.()) ?? [], await offers())))
    return 0
  },
})
