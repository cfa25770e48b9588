// A statement, its lines and its exceptions: what is recorded, and that it is recorded once.
import { expect, test } from 'vitest'
import { lineIdentity, occurrences } from '../../../src/domain/settlement/lineIdentity.ts'
import * as exception from '../../../src/domain/settlement/reconciliationException.ts'
import * as statement from '../../../src/domain/settlement/statement.ts'
import * as statementLines from '../../../src/domain/settlement/statementLines.ts'
import { scenarios } from '../../support/given.ts'
import { at, fullLine, missing, plainLine, received, statementLine } from './statementSamples.ts'

const counts = { matched: 1, missing: 0, unexpected: 0, differing: 0, known: 2 }
const wasReceived = { type: 'StatementReceived', data: received } as const
const receive = { type: 'ReceiveStatement', data: received } as const
const reconciled = { type: 'StatementReconciled', data: { counts, reconciledAt: at } } as const
const conclude = { type: 'ConcludeStatement', data: reconciled.data } as const

test('a statement is received once, and concluded once', () => {
  const given = scenarios(statement)
  given().when(receive).thenEvents(wasReceived)
  given(wasReceived).when(receive).thenNothing()
  given().when(conclude).thenRejected('statement_not_received')
  given(wasReceived).when(conclude).thenEvents(reconciled)
  given(wasReceived, reconciled).when(conclude).thenNothing()
  given(wasReceived, reconciled).when(receive).thenNothing()
})

test('lines and missing items are recorded where they are not yet', () => {
  const given = scenarios(statementLines)
  const lines = [plainLine, fullLine]
  const first = { type: 'StatementLineReconciled', data: { ...plainLine, reconciledAt: at } } as const
  const second = { type: 'StatementLineReconciled', data: { ...fullLine, reconciledAt: at } } as const
  const lacks = { type: 'ExpectedItemMissing', data: { ...missing, reconciledAt: at } } as const
  const record = { type: 'RecordLines', data: { lines, missing: [missing], at } } as const
  given().when(record).thenEvents(first, second, lacks)
  given(first).when(record).thenEvents(second, lacks)
  given(first, lacks).when(record).thenEvents(second)
  given(first, second, lacks).when(record).thenNothing()
})

test('an exception is assigned and resolved; what it was stands', () => {
  const given = scenarios(exception)
  const assign = { type: 'AssignException', data: { owner: 'ke toan', assignedAt: at } } as const
  const assigned = { type: 'ReconciliationExceptionAssigned', data: assign.data } as const
  const fee = { resolution: 'bank_fee', reason: 'phi SMS', resolvedAt: at } as const
  const resolve = { type: 'ResolveException', data: fee } as const
  const resolved = { type: 'ReconciliationExceptionResolved', data: fee } as const
  given().when(assign).thenEvents(assigned)
  given(assigned).when(assign).thenNothing()
  given(assigned).when(resolve).thenEvents(resolved)
  given(resolved).when(resolve).thenNothing()
  given(resolved)
    .when({ ...resolve, data: { ...fee, reason: 'other' } })
    .thenRejected('reconciliation_exception_resolved')
  given(resolved).when(assign).thenRejected('reconciliation_exception_resolved')
})

test('a line is the same in another format where the bank names it, else where its words are the same', () => {
  const account = { bankBin: '970422', accountNumber: '0123456789' }
  const of = (changes: object) => lineIdentity(account, { ...statementLine, ...changes })
  expect(of({ text: 'other words', line: 9 })).toBe(of({}))
  expect(of({ bankReferences: ['FT2'] })).not.toBe(of({}))
  expect(of({ amount: { amount: '5', currency: 'VND' } })).not.toBe(of({}))
  expect(of({ direction: 'debit' })).not.toBe(of({}))
  expect(of({ bankReferences: [], text: 'a' })).not.toBe(of({ bankReferences: [], text: 'b' }))
  expect(lineIdentity({ ...account, bankBin: '970436' }, statementLine)).not.toBe(of({}))
})

test('equal lines are numbered as they come', () => {
  const occurrence = occurrences()
  expect(['a', 'b', 'a', 'a', 'b'].map(occurrence)).toEqual([1, 1, 2, 3, 2])
})
