import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { listenForInterrupt } from '../../src/cli/interrupt.ts'

describe('listenForInterrupt()', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('winds up at the first %s and says so', (name) => {
    const source = new EventEmitter()
    const lines: string[] = []
    using interrupt = listenForInterrupt((line) => lines.push(line), { source })
    expect(interrupt.draining.aborted).toBe(false)
    source.emit(name)
    expect(interrupt.draining.aborted).toBe(true)
    expect(interrupt.signal.aborted).toBe(false)
    expect(lines).toEqual([expect.stringContaining('7 s')])
  })

  it('ends the process within a second of the second, whatever holds it up', () => {
    vi.useFakeTimers()
    try {
      const source = new EventEmitter()
      const end = vi.fn()
      using _interrupt = listenForInterrupt(() => {}, { source, end })
      source.emit('SIGINT')
      vi.advanceTimersByTime(5_000)
      source.emit('SIGINT')
      expect(end).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1_000)
      expect(end).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })

  it('ends nothing when stopping at once was enough', () => {
    vi.useFakeTimers()
    try {
      const source = new EventEmitter()
      const end = vi.fn()
      const interrupt = listenForInterrupt(() => {}, { source, end })
      source.emit('SIGINT')
      source.emit('SIGINT')
      interrupt[Symbol.dispose]()
      vi.advanceTimersByTime(60_000)
      expect(end).not.toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not hear SIGHUP where the user asked to outlive the terminal', () => {
    const source = new EventEmitter()
    using _interrupt = listenForInterrupt(() => {}, { source, hangsUp: false })
    expect(source.eventNames()).toEqual(['SIGINT', 'SIGTERM'])
  })

  it('stops at once at the second, and leaves a third to the system', () => {
    const source = new EventEmitter()
    using interrupt = listenForInterrupt(() => {}, { source })
    source.emit('SIGINT')
    source.emit('SIGTERM')
    expect(interrupt.signal.aborted).toBe(true)
    expect(source.listenerCount('SIGINT')).toBe(0)
  })

  it('stops by itself when the time to wind up is over', () => {
    vi.useFakeTimers()
    try {
      const source = new EventEmitter()
      using interrupt = listenForInterrupt(() => {}, { source })
      source.emit('SIGINT')
      vi.advanceTimersByTime(6_999)
      expect(interrupt.signal.aborted).toBe(false)
      vi.advanceTimersByTime(1)
      expect(interrupt.signal.aborted).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('listens no longer once it is disposed', () => {
    const source = new EventEmitter()
    listenForInterrupt(() => {}, { source })[Symbol.dispose]()
    expect(source.eventNames()).toEqual([])
  })
})
