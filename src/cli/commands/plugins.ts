import { join } from 'node:path'
import { configDir } from '../../app/config-dir.ts'
import type { GrantValues } from '../../app/plugin-permissions.ts'
import { SmugdlError } from '../../error.ts'
import { defineCommand } from '../command.ts'
import { exits } from '../exit.ts'
import { grantFlags, pluginPlaceFlags } from '../flags.ts'

export const plugins = defineCommand({
  about: `A plugin is an external exporter: a .js, .mjs, .cjs, .ts or .mts file, or a folder with a package.json, in the folder that "smugdl plugins dir" prints, in "plugins" beside the executable, or in a --plugin-dir.
  list         all exporters, and where they are; no plugin's code is run
  show NAME    what one says about itself, above all its options
  dir          the folder for your own
  add PATH     copies a plugin, a file, a folder or an archive (.zip, .tgz), to where it is always found
  new NAME     a folder NAME with a plugin that works, its test and its types
  allow NAME   what it may do from now on, until its files change: net, run, read=PATH, write=PATH, all
  deny NAME    takes back all its rights
  check FILE   tests the plugin on a sample account, with all that every exporter must do
  dev FILE     like check, again each time the plugin is saved`,
  flags: {
    ts: { type: 'boolean', default: false, help: 'With new: in TypeScript' },
    quick: { type: 'boolean', default: false, help: 'With check and dev: only the first five checks' },
    json: { type: 'boolean', default: false, help: 'With list: write JSON to standard output, one object a line' },
    ...pluginPlaceFlags,
    ...grantFlags,
  },
  positionals: {
    action: {
      required: true,
      choices: ['list', 'show', 'dir', 'add', 'new', 'allow', 'deny', 'check', 'dev'],
      help: 'what to do',
    },
    name: {
      required: false,
      completes: { after: 'show', with: 'exporters' },
      help: 'the name of an exporter, or the file, folder or archive of a plugin',
    },
    right: { required: false, many: true, help: 'with allow: net, run, read=PATH, write=PATH or all' },
  },
  examples: [
    ['smugdl plugins new contact-sheet', 'begins a plugin in ./contact-sheet'],
    ['smugdl plugins check ./contact-sheet', 'tries it without an account'],
    ['smugdl plugins dev ./contact-sheet --quick', 'does so each time it is saved, with the first five checks'],
    ['smugdl plugins allow captioned net read=/photos', 'lets a plugin use the network and read a folder'],
    ['smugdl plugins add captioned.tgz', 'installs one that somebody gave you'],
    ['smugdl plugins show folder', 'shows the options of an exporter'],
  ],
  exits: { ...exits(0, 2, 70, 130), 1: 'the plugin does not do all that an exporter must' },
  async run(values, { io }) {
    const { action } = values
    requireNone(values)
    switch (action) {
      case 'list':
        return (await import('../plugins/list.ts')).list(values, io)
      case 'show':
        return (await import('../plugins/show.ts')).show(named(values), values, io)
      case 'dir':
        io.stdout.write(`${join(configDir(io), 'plugins')}\n`)
        return 0
      case 'add':
        return (await import('../plugins/add.ts')).add(named(values), values, io)
      case 'new':
        return (await import('../plugins/new.ts')).newPlugin(named(values), values.ts ? 'ts' : 'mjs', io)
      case 'allow':
        return (await import('../plugins/allow.ts')).allow(named(values), values.right, values, io)
      case 'deny':
        return (await import('../plugins/allow.ts')).deny(named(values), values, io)
      case 'check':
        return (await import('../plugins/check.ts')).check(named(values), values, io)
      case 'dev':
        return (await import('../plugins/dev.ts')).dev(named(values), values, io)
    }
  },
})

/** Rights are for `allow`, one-off rights for what runs a plugin here, and `--json` for `list`: elsewhere they would pass unnoticed. */
function requireNone(values: GrantValues & { action: string; right: readonly string[]; json: boolean }): void {
  const { action, right, json, allowAll, allowNet, allowRead, allowRun, allowWrite } = values
  const oneOff = [allowAll, allowNet, allowRead, allowRun, allowWrite].flat()
  if (right.length > 0 && action !== 'allow')
    throw new SmugdlError('usage', {
      what: `smugdl plugins ${action}: unexpected argument`,
      item: right.join(' '),
    })
  if (json && action !== 'list')
    throw new SmugdlError('usage', {
      what: `smugdl plugins ${action} writes no JSON`,
      next: 'Leave out --json; `smugdl plugins list --json` is for programs',
    })
  if (oneOff.length > 0 && action !== 'check' && action !== 'dev')
    throw new SmugdlError('usage', {
      what: `smugdl plugins ${action} takes no one-off rights`,
      next: '"smugdl plugins allow NAME net" gives a plugin the network from now on',
    })
}

function named({ action, name }: { action: string; name: string | undefined }): string {
  if (name !== undefined) return name
  throw new SmugdlError('usage', {
    what: `smugdl plugins ${action} needs ${['add', 'check', 'dev'].includes(action) ? 'the file or folder of a plugin' : 'a name'}`,
    next: '`smugdl plugins --help` shows examples',
  })
}
