#!/usr/bin/env node
import { isSea } from 'node:sea'
import { cli } from './cli/cli.ts'
import { collectEarly } from './cli/collect-early.ts'
import { currentFolder } from './cli/current-folder.ts'
import { endWith, exitCodes } from './cli/exit.ts'
import type { Io } from './cli/io.ts'
import { outlivesTerminal } from './cli/outlives-terminal.ts'
import { printer } from './cli/printer.ts'
import { secretsIn } from './cli/secrets.ts'
import { whyNot } from './cli/wanted-node.ts'
import { hostArgument } from './plugin-host/protocol.ts'

const io: Io = {
  // As it was given: a variable is about to be taken out of Node's sight.
  env: { ...process.env },
  // Read from only by commands that ask: merely looking at it opens it.
  get stdin() {
    return process.stdin
  },
  stdout: printer(process.stdout),
  stderr: printer(process.stderr),
  platform: process.platform,
  get cwd() {
    return currentFolder()
  },
  program: isSea() ? [process.execPath] : [process.execPath, process.argv[1] ?? ''],
  now: Date.now,
}

// Certificates are checked whatever this says; Node would warn of a danger that is none.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
// Before the first command listens for anything, and in those that never do.
if (outlivesTerminal(process.env)) process.on('SIGHUP', () => {})

const problem = whyNot(process.versions.node)
if (problem !== undefined) {
  io.stderr.write(problem)
  process.exitCode = exitCodes.usage
} else if (process.argv[2] === hostArgument)
  import('./plugin-host/child/main.ts').then(({ host }) => {
    collectEarly()
    host()
  })
else {
  const secrets = secretsIn(io.env)
  endWith(cli(process.argv.slice(2), { io, secrets }), io, secrets)
}
