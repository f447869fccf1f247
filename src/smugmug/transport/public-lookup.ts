import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { privateAddress } from './network-error.ts'
import { isPrivateAddress } from './private-address.ts'

/** Resolves a name as Node does, but only to public addresses. Fails with the code `privateAddress` if there are none. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = error === null ? found.filter(({ address }) => !isPrivateAddress(address)) : []
    const [first] = open
    if (error !== null) callback(error, [])
    else if (first === undefined) callback(Object.assign(new Error('A private address'), { code: privateAddress }), [])
    else if (options.all) callback(null, open)
    else answerOne(callback, first)
  })
}

function answerOne(callback: Parameters<LookupFunction>[2], { address, family }: LookupAddress): void {
  callback(null, address, family)
}
