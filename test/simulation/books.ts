// Adds a log up by itself, not through the deciders: where the money of every credit is, and what every payment holds.
import type { Recorded } from '../../src/domain/core/eventStore.ts'
import type { CreditEvent } from '../../src/domain/payments/credit.ts'
import type { QrPaymentEvent } from '../../src/domain/payments/qrPayment.ts'

/** Of one credit, in đồng. Together they are what came in. */
type Places = {
  in: bigint
  onPayments: bigint
  unapplied: bigint
  reserved: bigint
  back: bigint
  escheated: bigint
}
type Out = { readonly creditId: string; readonly amount: bigint; readonly payment?: string; status: string }

type Books = {
  readonly credits: ReadonlyMap<string, Places>
  readonly transfers: ReadonlyMap<string, Out>
  readonly sum: Places & { refunded: bigint; inFlight: bigint }
  /** Credits whose money is not all somewhere, or twice. */
  readonly astray: readonly string[]
  readonly paidTwice: readonly string[]
  /** Payments that hold more than was due, or gave back more than they took. */
  readonly overpaid: readonly string[]
  readonly overrefunded: readonly string[]
}

const none = (): Places => ({ in: 0n, onPayments: 0n, unapplied: 0n, reserved: 0n, back: 0n, escheated: 0n })
const minor = ({ amount }: { amount: string }): bigint => BigInt(amount)

export function addUp(log: readonly Recorded[]): Books {
  const credits = new Map<string, Places>()
  const transfers = new Map<string, Out>()
  const due = new Map<string, bigint>()
  const held = new Map<string, Map<string, bigint>>()
  const paid = new Map<string, number>()
  const move = (creditId: string, change: Partial<Places>): void => {
    const places = credits.get(creditId) ?? none()
    for (const [place, amount] of Object.entries(change)) places[place as keyof Places] += amount
    credits.set(creditId, places)
  }

  for (const recorded of log) {
    const event = recorded as unknown as QrPaymentEvent | CreditEvent
    const id = recorded.stream.slice(recorded.stream.indexOf('-') + 1)
    switch (event.type) {
      case 'CreditReceived':
        move(id, { in: minor(event.data.amount) })
        break
      case 'CreditUnapplied':
        move(id, { unapplied: minor(event.data.amount) })
        break
      case 'CreditApplicationRequested':
        move(id, { unapplied: -minor(event.data.amount), reserved: minor(event.data.amount) })
        break
      case 'CreditApplicationCompleted':
        move(id, {
          unapplied: minor(event.data.left),
          reserved: -minor(event.data.applied) - minor(event.data.left),
        })
        break
      case 'CreditApplicationRefused':
        move(id, { unapplied: minor(event.data.left), reserved: -minor(event.data.left) })
        break
      case 'CreditReturnRequested':
        move(id, { unapplied: -minor(event.data.amount), back: minor(event.data.amount) })
        transfers.set(event.data.transferId, order(event.data))
        break
      case 'CreditReturnFailed':
        move(id, { unapplied: minor(event.data.amount), back: -minor(event.data.amount) })
        break
      case 'CreditEscheated':
        move(id, { unapplied: -minor(event.data.amount), escheated: minor(event.data.amount) })
        break
      case 'PaymentRequested':
        due.set(id, minor(event.data.amount))
        held.set(id, new Map())
        break
      case 'PaymentPaid':
        paid.set(id, (paid.get(id) ?? 0) + 1)
        break
      case 'CreditApplied': {
        const { creditId, applied } = event.data
        move(creditId, { onPayments: minor(applied) })
        held.get(id)!.set(creditId, (held.get(id)!.get(creditId) ?? 0n) + minor(applied))
        break
      }
      case 'PaymentExpired':
      case 'PaymentCanceled':
        for (const [creditId, amount] of held.get(id)!) move(creditId, { onPayments: -amount })
        held.set(id, new Map())
        break
      case 'RefundTransferRequested':
        transfers.set(event.data.transferId, { ...order(event.data), payment: id })
        break
    }
    const status = statuses[event.type]
    if (status) transfers.get((event.data as { transferId: string }).transferId)!.status = status
  }
  return { ...closed(credits, transfers), ...checkPayments(held, due, transfers, paid), credits, transfers }
}

const statuses: Readonly<Record<string, string>> = {
  RefundSent: 'sent',
  RefundUnknown: 'unknown',
  RefundCompleted: 'completed',
  RefundFailed: 'failed',
  CreditReturnSent: 'sent',
  CreditReturnUnknown: 'unknown',
  CreditReturned: 'completed',
  CreditReturnFailed: 'failed',
}

const order = (data: { creditId: string; amount: { amount: string } }): Out => ({
  creditId: data.creditId,
  amount: minor(data.amount),
  status: 'requested',
})

function closed(credits: ReadonlyMap<string, Places>, transfers: ReadonlyMap<string, Out>) {
  const sum = { ...none(), refunded: 0n, inFlight: 0n }
  const astray: string[] = []
  for (const [id, places] of credits) {
    const { in: received, ...elsewhere } = places
    const known = Object.values(elsewhere).reduce((a, b) => a + b, 0n)
    if (known !== received || Object.values(elsewhere).some((amount) => amount < 0n)) astray.push(id)
    for (const [place, amount] of Object.entries(places)) sum[place as keyof Places] += amount
  }
  for (const { amount, payment, status } of transfers.values()) {
    if (payment && status === 'completed') sum.refunded += amount
    if (['requested', 'sent', 'unknown'].includes(status)) sum.inFlight += amount
  }
  return { sum, astray }
}

function checkPayments(
  held: ReadonlyMap<string, ReadonlyMap<string, bigint>>,
  due: ReadonlyMap<string, bigint>,
  transfers: ReadonlyMap<string, Out>,
  paid: ReadonlyMap<string, number>,
) {
  const total = (parts: ReadonlyMap<string, bigint>) => [...parts.values()].reduce((a, b) => a + b, 0n)
  const given = new Map<string, bigint>()
  for (const { payment, creditId, amount, status } of transfers.values()) {
    if (!payment || status === 'failed') continue
    const part = `${payment} ${creditId}`
    given.set(part, (given.get(part) ?? 0n) + amount)
  }
  return {
    paidTwice: [...paid].filter(([, times]) => times > 1).map(([id]) => id),
    overpaid: [...held].filter(([id, parts]) => total(parts) > due.get(id)!).map(([id]) => id),
    overrefunded: [...given.keys()].filter((part) => {
      const [payment, creditId] = part.split(' ') as [string, string]
      return given.get(part)! > (held.get(payment)?.get(creditId) ?? 0n)
    }),
  }
}
