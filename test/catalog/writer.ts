/**
 * A process of its own, for tests that kill it or take its disk away: `writer.ts <what> <catalog>`. Says what it came to as a line of
 * JSON.
 */
import { Catalog } from '../../src/catalog/catalog.ts'
import { SmugdlError } from '../../src/error.ts'
import { listing } from './rows.ts'

const [what, path = ''] = process.argv.slice(2)
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

/** One transaction that touches several pages, and tells its number by a run of that number. */
function commit(catalog: Catalog, number: number, before: () => void = () => {}): void {
  catalog.transaction(() => {
    catalog.runs.begin(number, 'test')
    for (let i = 0; i < 10; i++)
      catalog.listings.put(listing({ image: `i${number}-${i}`, record: { Caption: 'x'.repeat(2000) } }), number)
    before()
  })
}

/** Blocks the whole process, within a transaction as well. */
function stay(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

let committed = 0
try {
  const catalog = Catalog.open(path)
  if (what === 'until it fails') {
    for (; committed < 300; committed++) commit(catalog, committed + 1)
    catalog.close()
    say({ committed })
  } else {
    for (; committed < 3; committed++) commit(catalog, committed + 1)
    const block = () => {
      say({ committed })
      stay()
    }
    if (what === 'within a transaction') {
      // More than the page cache holds: the log has uncommitted pages when the kill comes.
      catalog.transaction(() => {
        for (let i = 0; i < 3000; i++)
          catalog.listings.put(listing({ image: `open-${i}`, record: { Caption: 'y'.repeat(2000) } }), 4)
        block()
      })
    }
    if (what === 'without end')
      for (say({ committed }); ; committed++) {
        commit(catalog, committed + 1)
        // As fast as a run, which has pictures to fetch in between.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      }
    if (what === 'and hold it') block()
  }
} catch (error) {
  if (!(error instanceof SmugdlError)) throw error
  say({ committed, kind: error.kind, what: error.what })
}
