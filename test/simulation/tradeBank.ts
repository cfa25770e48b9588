// The bank of a month of trade: two accounts that payers pay into, money that leaves them, payouts that it carries out or sends back. It knows what really moved.
import { businessDate } from '../../src/domain/core/businessDay.ts'
import type { BankAccount, TransferConnector } from '../../src/domain/payments/transferConnector.ts'
import { textsOf } from '../support/iso20022.ts'

/** The operator's: merchants are registered with one of them, and all are paid out of the first. */
export const collecting: readonly BankAccount[] = [
  { bankBin: '970422', accountNumber: '0123456789' },
  { bankBin: '970436', accountNumber: '9876543210' },
]

/** What moved on an account. `amount`: in đồng. */
export type Movement = {
  readonly on: number
  readonly direction: 'credit' | 'debit'
  readonly amount: bigint
  readonly bookedOn: string
  readonly text: string
  readonly reference: string
  readonly endToEndId?: string
  readonly reversal?: boolean
  /** The credit that its notification became; none: nobody was told. */
  creditId?: string
  /** What the gateway will make of it where nobody was told. */
  readonly becomes?: 'applied' | 'unmatched'
}

export type PayoutOrder = {
  readonly endToEndId: string
  readonly amount: bigint
  readonly valueDate: string
}
/** What the bank says of a payout, and when: `returned` comes the day after it was settled. */
export type PayoutSaid = { readonly id: string; readonly code: 'ACSC' | 'RJCT'; readonly reason?: string }

export type TradeBank = {
  readonly connector: TransferConnector
  readonly movements: Movement[]
  readonly move: (movement: Omit<Movement, 'bookedOn' | 'reference'>) => Movement
  readonly payerOf: (on: number) => BankAccount & { readonly name: string }
  /** Takes a payout file; one that it knows already is refused, as banks do. */
  readonly take: (file: string) => readonly PayoutOrder[]
  /** Carries out what is due by now; answers what it says of it. */
  readonly payOut: () => readonly PayoutSaid[]
  readonly rejected: ReadonlySet<string>
  readonly returned: ReadonlySet<string>
  readonly waiting: () => number
}

const nobody = 'closed account'

export function tradeBank(clock: { readonly now: Date }): TradeBank {
  const movements: Movement[] = []
  const carriedOut = new Set<string>()
  const [orders, returning] = [new Map<string, PayoutOrder>(), new Map<string, PayoutOrder>()]
  const [rejected, returned] = [new Set<string>(), new Set<string>()]
  let payouts = 0
  const today = () => businessDate(clock.now.toISOString())

  const move: TradeBank['move'] = (movement) => {
    const booked = { ...movement, bookedOn: today(), reference: `FT${movements.length + 1}` }
    movements.push(booked)
    return booked
  }

  const connector: TransferConnector = {
    send: async ({ transferId, amount, to }) => {
      const ending = amount.minor % 100n
      if (ending === 51n) return { status: 'failed', reason: 'account closed' }
      if (carriedOut.has(transferId)) throw new Error(`${transferId} is sent twice`)
      carriedOut.add(transferId)
      const on = Number(to.accountNumber[2]) // a payer's number tells whom he paid, and so where it leaves from
      move({ on, direction: 'debit', amount: amount.minor, text: 'hoan tien', endToEndId: transferId })
      return { status: ending === 91n ? 'unknown' : 'completed' }
    },
    ask: async ({ transferId }) =>
      carriedOut.has(transferId) ? { status: 'completed' } : { status: 'failed', reason: 'never received' },
  }

  const take: TradeBank['take'] = (file) => {
    const taken = ordersIn(file)
    for (const order of taken) {
      if (orders.has(order.endToEndId)) throw new Error(`${order.endToEndId} is in two files`)
      if (order.valueDate < today()) throw new Error(`${order.endToEndId} came after its day`)
      orders.set(order.endToEndId, order)
    }
    return taken
  }

  const pay = ({ endToEndId, amount }: PayoutOrder): PayoutSaid => {
    payouts += 1
    const first = endToEndId.endsWith('-1')
    if (first && payouts % 17 === 5) {
      rejected.add(endToEndId)
      return { id: endToEndId, code: 'RJCT', reason: 'AC04' }
    }
    move({ on: 0, direction: 'debit', amount, text: 'chi ho', endToEndId })
    if (first && payouts % 23 === 7) returning.set(endToEndId, { endToEndId, amount, valueDate: today() })
    return { id: endToEndId, code: 'ACSC' }
  }

  const sendBack = ({ endToEndId, amount }: PayoutOrder): PayoutSaid => {
    returning.delete(endToEndId)
    returned.add(endToEndId)
    move({ on: 0, direction: 'credit', amount, text: nobody, endToEndId, reversal: true })
    return { id: endToEndId, code: 'RJCT', reason: 'AC01' }
  }

  const paid = new Set<string>()
  const payOut = () => {
    const back = [...returning.values()].filter(({ valueDate }) => valueDate < today()).map(sendBack)
    const due = [...orders.values()].filter((one) => one.valueDate <= today() && !paid.has(one.endToEndId))
    for (const { endToEndId } of due) paid.add(endToEndId)
    return [...back, ...due.map(pay)]
  }

  return {
    connector,
    movements,
    move,
    payerOf: (on) => ({ name: 'NGUYEN VAN A', bankBin: '970418', accountNumber: `19${on}0000000001` }),
    take,
    payOut,
    rejected,
    returned,
    waiting: () => orders.size - paid.size + returning.size,
  }
}

/** What a pain.001 asks for. */
export const ordersIn = (file: string): readonly PayoutOrder[] =>
  file
    .split('<PmtInf>')
    .slice(1)
    .flatMap((group) => {
      const [valueDate] = textsOf(group, 'Dt')
      const amounts = textsOf(group, 'InstdAmt')
      return textsOf(group, 'EndToEndId').map((endToEndId, index) => ({
        endToEndId,
        amount: BigInt(amounts[index]!),
        valueDate: valueDate!,
      }))
    })
