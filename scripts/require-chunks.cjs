// The `require` of the executable's entry, in front of which scripts/build.ts puts it. Node's own knows the built-in modules
// only; this one also finds the chunks, which are assets there and files in `cjs/` elsewhere. Each is compiled when it is
// first asked for: nobody waits for code that a command does not use. scripts/code-cache.ts says where compiled code comes from.
;((builtinRequire) => {
  const { getRawAsset, isSea } = builtinRequire('node:sea')
  const { readFileSync } = builtinRequire('node:fs')
  const { isAscii } = builtinRequire('node:buffer')
  const vm = builtinRequire('node:vm')
  const modules = new Map()
  // On the first line of the code, and in front of its first column, or source maps would not fit.
  const wrapper = '(function(exports,require,module,__filename,__dirname){'

  function requireChunk(specifier) {
    const name = /^\.\.?\/(?:esm\/)?([^/]+)\.mjs$/.exec(specifier)?.[1]
    if (name === undefined) return builtinRequire(specifier)
    const file = `${name}.cjs`
    const known = modules.get(file)
    if (known) return known.exports
    const module = { exports: {} }
    modules.set(file, module)
    const bytes = isSea() ? Buffer.from(getRawAsset(file)) : readFileSync(`${__dirname}/cjs/${file}`)
    const code = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
    const options = { filename: file, columnOffset: -wrapper.length, cachedData: cacheOf(file) }
    const run = new vm.Script(`${wrapper}${code}\n})`, options).runInThisContext()
    run(module.exports, requireChunk, module, __filename, __dirname)
    return module.exports
  }

  /** V8 turns away one that is not of its own version and flags, and compiles. */
  function cacheOf(file) {
    try {
      return isSea() ? Buffer.from(getRawAsset(`${file}.cache`)) : undefined
    } catch {
      return undefined // an asset that is not there throws
    }
  }
  return requireChunk
})(require)
