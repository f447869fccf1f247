import { defaults } from '../app/defaults.ts'
import type { Flags } from './command.ts'

/** Flags that several commands share, by what they are about. */
export const outputFlag = {
  output: {
    type: 'text',
    short: 'o',
    hint: 'DIR',
    path: 'directory',
    help: `Where everything goes; created if missing. Default: the home that you are in, ${defaults.output} here, or the home used last`,
  },
} as const satisfies Flags

export const albumFlags = {
  album: {
    type: 'list',
    hint: 'GLOB',
    completes: 'albums',
    help: 'Only albums whose path (folder/…/album, in display names) matches, or whose page or folder has this address; case does not matter, ** crosses /, \\ escapes',
  },
  exclude: {
    type: 'list',
    hint: 'GLOB',
    completes: 'albums',
    help: 'Leave out albums that match, even if --album selects them',
  },
} as const satisfies Flags

/** Flags that select pictures within the albums. */
export const pictureFlags = {
  since: {
    type: 'text',
    hint: 'DATE',
    help: 'Only what was taken in this year, month or day (2023, 2023-05, 2023-05-17), or later; undated pictures go by their upload',
  },
  until: { type: 'text', hint: 'DATE', help: 'Only what was taken in this year, month or day, or earlier' },
  type: { type: 'list', choices: ['photo', 'video'], hint: 'TYPE', help: 'Only photos, or only videos' },
  keyword: { type: 'list', hint: 'WORD', help: 'Only pictures with this keyword, or with any of these' },
  privacy: {
    type: 'list',
    choices: ['public', 'unlisted', 'private', 'password'],
    hint: 'KIND',
    help: 'Only albums with this privacy, or with any of these',
  },
} as const satisfies Flags

export const jsonFlag = {
  json: { type: 'boolean', default: false, help: 'Write JSON to standard output, one object a line' },
} as const satisfies Flags

export const eventsFlag = {
  json: { type: 'boolean', default: false, help: 'Events on standard output, one JSON object a line' },
} as const satisfies Flags

const atOnce = { type: 'integer', hint: 'N', min: 1, max: 64 } as const

export const downloadsFlag = {
  concurrency: { ...atOnce, help: 'Maximum number of parallel downloads; default: as many as make it faster' },
} as const satisfies Flags

export const readersFlag = {
  concurrency: {
    ...atOnce,
    help: 'Number of files read in parallel; default: one per core, but at least 4',
  },
} as const satisfies Flags

export const networkFlags = {
  caFile: {
    type: 'text',
    hint: 'FILE',
    path: 'file',
    help: 'Also trust the certificates in this PEM file (for example of a TLS-inspecting proxy)',
  },
} as const satisfies Flags

const aboutPlugins = { shownBy: 'plugins' } as const

/** Flags for the folders of plugins. */
export const pluginPlaceFlags = {
  pluginDir: { ...aboutPlugins, type: 'list', hint: 'DIR', help: 'Look for plugins in this folder too' },
  plugins: { ...aboutPlugins, type: 'boolean', default: true, help: 'Look for no plugins at all' },
} as const satisfies Flags

/** One-off permissions of plugins, besides those stored by `smugdl plugins allow`. */
export const grantFlags = {
  allowNet: { ...aboutPlugins, type: 'list', hint: 'PLUGIN', help: 'This once, this plugin may use the network' },
  allowRun: {
    ...aboutPlugins,
    type: 'list',
    hint: 'PLUGIN',
    help: 'This once, this plugin may start programs; those may do whatever you may',
  },
  allowRead: {
    ...aboutPlugins,
    type: 'list',
    hint: 'PLUGIN:PATH',
    help: 'This once, this plugin may read this file or folder',
  },
  allowWrite: {
    ...aboutPlugins,
    type: 'list',
    hint: 'PLUGIN:PATH',
    help: 'This once, this plugin may write this file or folder, and read it',
  },
  allowAll: { ...aboutPlugins, type: 'list', hint: 'PLUGIN', help: 'This once, this plugin may do whatever you may' },
} as const satisfies Flags

export const progressFlag = {
  progress: {
    type: 'text',
    hint: 'HOW',
    choices: ['block', 'lines', 'none'],
    help: 'How to show progress: a block that is redrawn (default in a terminal), lines (default elsewhere; for screen readers), or none',
  },
} as const satisfies Flags

export const logFlags = {
  quiet: {
    type: 'boolean',
    short: 'q',
    default: false,
    help: 'Print nothing unless something is not safe',
  },
  verbose: { type: 'boolean', short: 'v', default: false, help: 'Say what is done and why' },
  logFile: {
    type: 'text',
    hint: 'FILE',
    path: 'file',
    help: 'Append all messages to this file, with times, whether they are shown or not',
  },
  logLevel: {
    type: 'text',
    hint: 'LEVEL',
    choices: ['info', 'debug'],
    default: 'info',
    help: 'Level of detail in the log file: info, or debug (as with --verbose)',
  },
} as const satisfies Flags

/** As `logFlags`, for a command that makes a run. */
export const runLogFlags = {
  ...logFlags,
  quiet: {
    ...logFlags.quiet,
    help: 'Print nothing unless something is not safe; name only what is new, and count the rest in one line',
  },
} as const satisfies Flags

/** The user's programs to run after a run. Command line only, so that no remembered or inherited setting starts programs. */
export const execFlags = {
  execOnSuccess: {
    type: 'text',
    hint: 'CMD',
    help: 'Run CMD in the shell after a run that ended with 0; it gets the result as JSON on standard input',
  },
  execOnFailure: { type: 'text', hint: 'CMD', help: 'The same after a run that failed: exit 1 to 5, or 70' },
  execOnFinish: { type: 'text', hint: 'CMD', help: 'The same after every run, however it ended' },
} as const satisfies Flags
