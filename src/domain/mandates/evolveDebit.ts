// What a debit is after each of its events.
import { fromData } from '../core/money.ts'
import type { Debit, DebitEvent } from './debitEvents.ts'
import type { OpenedMandate } from './mandateEvents.ts'

const events = new Set<string>([
  'DebitAnnounced',
  'DebitSkipped',
  'DebitRequested',
  'DebitUnknown',
  'DebitCompleted',
  'DebitDeclined',
] satisfies DebitEvent['type'][])

export const isDebitEvent = (event: { type: string; data: object }): event is DebitEvent =>
  events.has(event.type)

export function evolveDebit(mandate: OpenedMandate, event: DebitEvent): OpenedMandate {
  const { billId } = event.data
  const debit = happened(mandate.debits.get(billId), event)
  return debit ? { ...mandate, debits: new Map(mandate.debits).set(billId, debit) } : mandate
}

function happened(before: Debit | undefined, event: DebitEvent): Debit | undefined {
  if (event.type === 'DebitAnnounced') {
    const { billId, attempt, amount, debitOn, debitAt } = event.data
    return { billId, attempt, status: 'announced', amount: fromData(amount), debitOn, debitAt, asks: 0 }
  }
  if (event.type === 'DebitSkipped') {
    const { billId, attempt, reason, skippedAt } = event.data
    return { ...before, billId, attempt, status: 'skipped', reason, skippedAt, asks: 0 }
  }
  if (!before) return undefined
  const { askAt: _, ...debit } = before
  switch (event.type) {
    case 'DebitRequested': {
      const { paymentId, amount, askAt } = event.data
      return { ...debit, status: 'requested', paymentId, amount: fromData(amount), askAt }
    }
    case 'DebitUnknown':
      return { ...debit, status: 'unknown', asks: event.data.asks, askAt: event.data.askAt }
    case 'DebitCompleted':
      return { ...debit, status: 'completed' }
    case 'DebitDeclined':
      return { ...debit, status: 'declined', reason: event.data.reason }
  }
}
