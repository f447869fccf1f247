/** The exports of `smugdl/exporter`, for authors of exporters who use npm: the contract, and the suite that every exporter must pass. */
export * from '../exporter/index.ts'
export { type Check, exporterContract } from './exporter-contract.ts'
export type { Keep, OpenKeep } from './keep.ts'
