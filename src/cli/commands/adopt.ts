import type { AdoptingEvent } from '../../app/adopt.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { jsonFlag, logFlags, networkFlags, outputFlag, readersFlag } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import { logged } from '../logged.ts'
import { adoptRenderer } from '../render/adopt.ts'

export const adopt = defineCommand({
  about: `Takes over a backup that was made by hand or by another program, including SmugMug's own ZIP archives, so that the next run downloads only the rest. Files are recognised by their bytes (MD5 and size, against a fresh listing of the account), never by name, and put where a download would put them. Nothing is overwritten or downloaded.
With DIR the output itself its catalog is rebuilt: what stands where it belongs is taken as it is. A broken catalog is set aside for that.
The upload of a video cannot be recognised: SmugMug keeps and describes only its own conversion.`,
  positionals: {
    dir: { required: true, help: 'A folder with pictures, or the output itself' },
  },
  flags: {
    output: {
      ...outputFlag.output,
      help: 'Where everything goes; if absent, DIR if it is a home, else as for the other commands',
    },
    exporter: {
      type: 'list',
      short: 'e',
      hint: 'NAME',
      separator: ',',
      help: 'Output format: folder, zip, manifest, gallery, s3 or a plugin; as in the last run if absent, else folder',
    },
    set: {
      type: 'list',
      hint: 'EXPORTER.OPTION=VALUE',
      help: "An exporter's own option; as in the last run if absent",
    },
    link: { type: 'boolean', default: false, help: 'Make hard links instead of copies where the disk can' },
    move: { type: 'boolean', default: false, help: 'Move the files away from DIR instead of copying them' },
    ...readersFlag,
    ...jsonFlag,
    ...networkFlags,
    ...logFlags,
  },
  examples: [
    [
      'smugdl adopt ~/smugmug-backup -o ~/Pictures/SmugMug',
      'copies what it recognises; "smugdl" then fetches the rest',
    ],
    ['smugdl adopt ~/Downloads --move -o ~/Pictures/SmugMug', 'moves it instead; entries of archives are copied'],
    ['smugdl adopt ~/Pictures/SmugMug -o ~/Pictures/SmugMug', 'rebuilds a lost or broken catalog'],
  ],
  exits: {
    ...exits(1, 2, 3, 4, 5, 70, 130),
    0: 'every file was compared, and every one that is recognised is at home',
    1: 'a file could not be read or put home, or an album could not be listed',
    130: 'interrupted; what was read is remembered, and adopting again continues',
  },
  async run(values, context) {
    const { io } = context
    if (values.link && values.move)
      throw new SmugdlError('usage', {
        what: '--link and --move exclude each other',
        next: 'Give one of them, or none',
      })
    const { adopt } = await import('../../app/adopt.ts')
    const { link: _, move, ...options } = values
    const transfer = move ? 'move' : values.link ? 'link' : 'copy'
    return logged(values, context, async (log) => {
      using renderer = adoptRenderer(io, { ...values, log: log?.write })
      using use = inTerminal<AdoptingEvent>(context, (event) => renderer.on(event))
      const summary = await adopt({ ...options, transfer }, use)
      renderer.finished(summary)
      return summary.unreadable + summary.run.failedInAll === 0 ? 0 : exitCodes.item
    })
  },
})
