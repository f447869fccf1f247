// Loaded before smugdl: its clock stands still and its disk has 1.2 TB free, so that what it shows follows from what it does alone.
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const now = Date.UTC(2026, 10, 29 + Number(process.env.STILL_DAYS_LATER ?? 0), 14, 3)
Date.now = () => now
// A page of an album is as long as SmugMug was quick: on a busy machine there would be more of them.
performance.now = () => 0
promises.statfs = async () => ({ blocks: 2, bavail: 1.2e12, bsize: 1 })
syncBuiltinESMExports()
