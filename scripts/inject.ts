// A process of its own, because pkg looks for Node below $HOME and changes the working directory.
// Usage: node scripts/inject.ts ENTRY JSON, where JSON are the options of pkg's function.
import sea from '@yao-pkg/pkg/lib-es5/sea.js'

const [entry = '', options = '{}'] = process.argv.slice(2)
await sea.default(entry, JSON.parse(options))
