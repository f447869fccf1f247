import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** A folder where CI wants the counts as JSON, a file a run. */
const counts = process.env.SMUGDL_TEST_COUNTS

/**
 * What is slower than a contributor waits for after each change: `npm run test:NAME`. `NAME.e2e.test.ts` stands beside its room's other tests,
 * and starts processes or takes as long.
 */
const slower = {
  e2e: ['test/{e2e,faults,odd-disks,plugin-host}/**/*.test.ts', 'test/**/*.e2e.test.ts'],
  model: ['test/model/{many-*,liars}.test.ts', 'test/fuzz/**/*.test.ts'],
  crash: ['test/crash/**/*.test.ts'],
}

/** Shared by every project: `extends` of the root would take its reporters along. */
const common = {
  // For machines that are busy with other things; no test waits for it.
  testTimeout: 180_000,
  hookTimeout: 60_000,
  // CI's machine is busy with other things, and may be out of memory or time for a moment; what passes the second time is shown as retried.
  retry: process.env.CI === undefined ? 0 : 1,
  globalSetup: 'test/built.ts',
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters:
      counts === undefined ? ['default'] : ['default', ['json', { outputFile: join(counts, `${process.pid}.json`) }]],
    projects: [
      {
        test: {
          ...common,
          name: 'rooms',
          // Nothing of ours lives on from one file's tests to the next; loading all of it again for each took as long as the tests.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: Object.values(slower).flat(),
        },
      },
      ...Object.entries(slower).map(([name, include]) => ({ test: { ...common, name, include } })),
    ],
  },
})
