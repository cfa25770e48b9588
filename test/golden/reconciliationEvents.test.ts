// Golden files of reconciliation: statements, lines, what is missing, and what persons said of it.
import { expect, test } from 'vitest'
import type { ExceptionEvent } from '../../src/domain/settlement/reconciliationException.ts'
import type { StatementEvent } from '../../src/domain/settlement/statement.ts'
import type { LinesEvent } from '../../src/domain/settlement/statementLines.ts'
import {
  at,
  fullLine,
  fullyReceived,
  missing,
  plainLine,
  received,
  takenLine,
} from '../domain/settlement/statementSamples.ts'

const counts = { matched: 1, missing: 1, unexpected: 1, differing: 1, known: 2 }
const line = (data: typeof plainLine): LinesEvent => ({
  type: 'StatementLineReconciled',
  data: { ...data, reconciledAt: at },
})
const samples: readonly (readonly [string, StatementEvent | LinesEvent | ExceptionEvent])[] = [
  ['StatementReceived', { type: 'StatementReceived', data: received }],
  ['StatementReceived.full', { type: 'StatementReceived', data: fullyReceived }],
  ['StatementReconciled', { type: 'StatementReconciled', data: { counts, reconciledAt: at } }],
  ['StatementLineReconciled', line(plainLine)],
  ['StatementLineReconciled.full', line(fullLine)],
  ['StatementLineReconciled.taken', line(takenLine)],
  ['ExpectedItemMissing', { type: 'ExpectedItemMissing', data: { ...missing, reconciledAt: at } }],
  [
    'ReconciliationExceptionAssigned',
    { type: 'ReconciliationExceptionAssigned', data: { owner: 'ke toan', assignedAt: at } },
  ],
  [
    'ReconciliationExceptionResolved',
    {
      type: 'ReconciliationExceptionResolved',
      data: { resolution: 'bank_fee', reason: 'phi SMS', resolvedAt: at },
    },
  ],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
