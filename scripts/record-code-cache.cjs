// Preloaded by scripts/code-cache.ts: writes to $CODE_CACHE what V8 compiled of each chunk until the process would connect, and ends it.
const { writeFileSync } = require('node:fs')
const { Socket } = require('node:net')
const v8 = require('node:v8')
const vm = require('node:vm')

const scripts = new Map()
vm.Script = class extends vm.Script {
  constructor(code, options) {
    super(code, options)
    scripts.set(options.filename, this)
  }
}
// They go into the cache: see src/cli/collect-early.ts.
v8.setFlagsFromString = () => {}
Socket.prototype.connect = () => process.exit(0)
process.on('exit', () => {
  for (const [file, script] of scripts)
    writeFileSync(`${process.env.CODE_CACHE}/${file}.cache`, script.createCachedData())
})
