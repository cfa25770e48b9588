// Traces: opened once, found by a person, and ended.
import { describe, expect, test } from 'vitest'
import * as trace from '../../../src/domain/traces/trace.ts'
import { scenarios } from '../../support/given.ts'
import { close, closed, found, nameIt, open, opened, otherCredit } from './samples.ts'

const given = scenarios(trace)

describe('to open', () => {
  test('works', () => given().when(open).thenEvents(opened()))
  test('under an id that is taken is refused', () => given(opened()).when(open).thenRejected('trace_exists'))
})

describe('to name the credit', () => {
  test('finds it', () => given(opened()).when(nameIt()).thenEvents(found))
  test('twice is once', () => given(opened(), found).when(nameIt()).thenNothing())
  test('another one is refused', () =>
    given(opened(), found).when(nameIt(otherCredit)).thenRejected('trace_found'))
  test('is refused once nobody looks any more', () => {
    given(opened(), closed('not_found')).when(nameIt()).thenRejected('trace_closed')
    given(opened(), closed('closed')).when(nameIt()).thenRejected('trace_closed')
  })
  test('again after what was found is closed changes nothing', () =>
    given(opened(), found, closed('closed')).when(nameIt()).thenNothing())
  test('of no trace is refused', () => given().when(nameIt()).thenRejected('trace_not_found'))
})

describe('to close', () => {
  test('works from open, either way', () => {
    given(opened()).when(close('not_found')).thenEvents(closed('not_found'))
    given(opened()).when(close('closed', 'not ours')).thenEvents(closed('closed', 'not ours'))
  })
  test('works from found, but not as not found', () => {
    given(opened(), found).when(close('closed')).thenEvents(closed('closed'))
    given(opened(), found).when(close('not_found')).thenRejected('trace_found')
  })
  test('twice is once, and another way is refused', () => {
    given(opened(), closed('not_found', 'x')).when(close('not_found', 'x')).thenNothing()
    given(opened(), closed('not_found', 'x')).when(close('not_found', 'y')).thenRejected('trace_closed')
    given(opened(), closed('not_found', 'x')).when(close('closed', 'x')).thenRejected('trace_closed')
  })
  test('of no trace is refused', () => given().when(close('closed')).thenRejected('trace_not_found'))
})

test('a trace stands as what happened last', () => {
  const after = (...events: trace.TraceEvent[]) => events.reduce(trace.evolve, trace.initialState()).status
  expect([
    after(),
    after(opened()),
    after(opened(), found),
    after(opened(), closed('not_found')),
    after(opened(), found, closed('closed')),
    after(found),
  ]).toEqual(['new', 'open', 'found', 'not_found', 'closed', 'new'])
})
