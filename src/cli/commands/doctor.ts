import { homeFolder } from '../../app/config-dir.ts'
import type { Finding } from '../../app/doctor/finding.ts'
import { pathGiven } from '../../app/path-given.ts'
import { printable } from '../../app/text/printable.ts'
import type { RawApi } from '../../smugmug/raw-answer.ts'
import { commit, version } from '../../version.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, exits } from '../exit.ts'
import { networkFlags, outputFlag, pluginPlaceFlags } from '../flags.ts'
import { inTerminal } from '../in-terminal.ts'
import { jsonLine } from '../json-line.ts'
import type { DoctorLine } from '../json-lines.ts'
import { checkSettings } from '../settings.ts'
import { versionLine } from '../version-line.ts'

export const doctor = defineCommand({
  about: `Checks everything that a helper would ask about, and prints a line for each: ok, warn for what you should know, or fail with what to do. Changes nothing (it tests the output's disk in a folder that it removes again), runs no plugin, sends two requests, and works without a login or a network.
What it says is meant to be pasted: it holds no key, token, password or name of an account, and ~ stands for your home.`,
  flags: {
    output: { ...outputFlag.output, help: 'Where your runs put everything, or will; the home used last if absent' },
    report: {
      type: 'text',
      hint: 'FILE',
      path: 'file',
      help: "Write what SmugMug's answers look like to this file, without any of your data, for smugdl's developers",
    },
    json: { type: 'boolean', default: false, help: 'Write all of it to standard output as one JSON object' },
    ...pluginPlaceFlags,
    ...networkFlags,
  },
  examples: [
    ['smugdl doctor', 'looks at everything'],
    ['smugdl doctor --report report.txt', "writes what to send to smugdl's developers; about twenty more requests"],
    ['smugdl doctor -o /photos --json', 'the same of another output, for a program'],
  ],
  exits: { ...exits(2, 70, 130), 0: 'nothing failed', 1: 'something failed: its line says what to do' },
  async run(values, context) {
    const { io } = context
    const seen: Finding[] = []
    const show = ({ check, state, says, next }: Finding) => {
      const finding = { check, state, says: pasteable(says), next: next && pasteable(next) }
      seen.push(finding)
      if (!values.json) io.stdout.write(lineOf(finding))
    }
    show({ check: 'version', state: 'ok', says: versionLine() })
    const commands = (await context.commands?.()) ?? []
    const { doctor } = await import('../../app/doctor.ts')
    using use = inTerminal<Finding>(context, (event) => void ('check' in event && show(event)))
    await doctor(
      {
        ...values,
        checkSettings: (settings) =>
          checkSettings(
            settings,
            commands.map(({ command }) => command),
          ),
        report: values.report === undefined ? undefined : reportTo(pathGiven(values.report, io)),
      },
      use,
    )
    const failed = seen.some(({ state }) => state === 'fail')
    if (values.json) {
      const { platform, arch, version: node } = process
      const checks = seen
      const line: DoctorLine = { type: 'doctor', ok: !failed, version, commit, node, platform, arch, checks }
      io.stdout.write(jsonLine(line))
    }
    return failed ? exitCodes.item : 0
  },
})

function reportTo(path: string) {
  return async (api: RawApi) => {
    const { writeReport } = await import('../render/survey-report.ts')
    return { path, ...(await writeReport(path, versionLine(), api)) }
  }
}

function lineOf({ check, state, says, next }: Finding): string {
  const todo = next === undefined ? '' : `. ${/[.?!]$/.test(next) ? next : `${next}.`}`
  return `${state.padEnd(4)}  ${check.padEnd('credentials'.length)}  ${says}${todo}\n`
}

/** Removes the user's folder from paths, which often contains the user's name. */
function pasteable(text: string): string {
  const home = homeFolder() ?? ''
  return printable(home.length > 1 ? text.replaceAll(new RegExp(`${RegExp.escape(home)}(?![\\w-])`, 'g'), '~') : text)
}
