import type { AnyCommand, NamedCommand } from './command.ts'

interface CommandLine {
  /** What it does, as a sentence without its full stop. */
  readonly summary: string
  load(): Promise<AnyCommand>
}

/** Every command, in the order of the help: its line here, the rest in its own file. */
export const commands = {
  download: {
    summary: 'Bring the whole account home, every file verified; the default',
    load: async () => (await import('./commands/download.ts')).download,
  },
  verify: {
    summary: 'Read what is at home again and compare every byte, offline',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  check: {
    summary: 'Compare the account with home and certify what is there',
    load: async () => (await import('./commands/check.ts')).check,
  },
  adopt: {
    summary: 'Take over a backup made by other means, or rebuild a lost catalog, without downloads',
    load: async () => (await import('./commands/adopt.ts')).adopt,
  },
  retry: {
    summary: 'Retry everything that failed in earlier runs',
    load: async () => (await import('./commands/retry.ts')).retry,
  },
  accept: {
    summary: 'Mark items as deliberately skipped, with a reason',
    load: async () => (await import('./commands/accept.ts')).accept,
  },
  runs: { summary: 'List the last runs, and what failed', load: async () => (await import('./commands/runs.ts')).runs },
  status: {
    summary: 'Show when everything was last at home, and what has failed since',
    load: async () => (await import('./commands/status.ts')).status,
  },
  find: {
    summary: 'Show where a picture or video is, at home and on SmugMug',
    load: async () => (await import('./commands/find.ts')).find,
  },
  fields: {
    summary: 'Show what paths can be made of, with the values of one picture',
    load: async () => (await import('./commands/fields.ts')).fields,
  },
  albums: {
    summary: 'List the albums of the account',
    load: async () => (await import('./commands/albums.ts')).albums,
  },
  login: {
    summary: 'Authorize smugdl to read your account',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: { summary: 'Forget the login', load: async () => (await import('./commands/logout.ts')).logout },
  whoami: {
    summary: 'Show who is logged in and what the login may see',
    load: async () => (await import('./commands/whoami.ts')).whoami,
  },
  plugins: {
    summary: 'List exporters, and begin, try and inspect plugins',
    load: async () => (await import('./commands/plugins.ts')).plugins,
  },
  doctor: {
    summary: 'Diagnose the local setup and the connection to SmugMug',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  demo: { summary: 'Try it all without an account', load: async () => (await import('./commands/demo.ts')).demo },
  completion: {
    summary: 'Print a completion script for a shell',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
} as const satisfies Record<string, CommandLine>

export const defaultCommand = 'download' satisfies CommandName

export type CommandName = keyof typeof commands

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}

/** All commands with their definitions. */
export async function allCommands(): Promise<[name: CommandName, command: AnyCommand][]> {
  const names = Object.keys(commands).filter(isCommand)
  return Promise.all(names.map(async (name) => [name, await commands[name].load()] as [CommandName, AnyCommand]))
}

/** The same, for commands that are about commands. */
export async function namedCommands(): Promise<NamedCommand[]> {
  return (await allCommands()).map(([name, command]) => ({
    name,
    summary: commands[name].summary,
    command,
    isDefault: name === defaultCommand,
  }))
}
