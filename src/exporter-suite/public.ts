/** What `smugdl/exporter` offers to whoever writes an exporter with npm at hand: the contract, and the suite that every exporter must pass. */
export * from '../exporter/index.ts'
export { type Check, exporterContract } from './exporter-contract.ts'
export type { Keep, OpenKeep } from './keep.ts'
