// A line and an item as matching sees them, of one day and account; tests say what is different.
import type { ExpectedItem, OpenLine } from '../../../src/domain/settlement/expectedItem.ts'

export const day = '2026-11-20'
export const line = (id: string, amount: bigint, changes: Partial<OpenLine> = {}): OpenLine => ({
  id,
  direction: 'credit',
  amount,
  bookedOn: day,
  bankReferences: [],
  references: [],
  ...changes,
})
export const item = (id: string, amount: bigint, changes: Partial<ExpectedItem> = {}): ExpectedItem => ({
  id,
  kind: 'credit',
  direction: 'credit',
  amount,
  expectedOn: day,
  certain: true,
  ...changes,
})
