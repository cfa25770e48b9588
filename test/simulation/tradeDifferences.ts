// The differences that the seed puts on the bank's statements, and how reconciliation must name each.
import type { Random } from './random.ts'
import type { Movement } from './tradeBank.ts'

/** Each in its turn; where nothing moved that it could be put on, the next one goes first. */
const differences = [
  'credit a day late',
  'credit missing',
  'credit differs',
  'debit that nobody knows',
  'credit that nobody knows',
  'payout missing',
  'payout differs',
  'refund missing',
] as const
export type Difference = (typeof differences)[number]

/** A movement as the statement shows it. */
export type Shown = { readonly movement: Movement; amount: bigint }

export type Put = {
  readonly what: Difference
  /** `state direction amount`, and what more there is to say, as compare() in tradeStatements.ts reads the lists. */
  readonly named: string
  /** By how much more the statement has now than the books. */
  readonly more: bigint
  /** What it was put on; not there for lines that nobody knows. */
  readonly movement?: Movement
}

const isPayout = ({ direction, endToEndId }: Movement): boolean =>
  direction === 'debit' && endToEndId?.startsWith('SET') === true
const isRefund = ({ direction, endToEndId }: Movement): boolean =>
  direction === 'debit' && endToEndId?.startsWith('ref_') === true

export function seededDifferences(random: Random) {
  const queue: Difference[] = [...differences]
  /** Credits that were shown late are not touched again. */
  const late = new Set<Movement>()
  let lines = 0

  const fits: Readonly<Record<string, (movement: Movement) => boolean>> = {
    credit: (movement) => movement.creditId !== undefined && !late.has(movement),
    payout: isPayout,
    refund: isRefund,
  }

  function unknownLine(what: Difference, day: string, on: number, shown: Shown[]): Put {
    lines += 1
    const amount = BigInt(3_300 + lines) // no sum of prices
    const direction = what.startsWith('debit') ? 'debit' : 'credit'
    const text = direction === 'debit' ? 'phi SMS' : 'tien mat'
    const movement = { on, direction, amount, text, reference: `XX${lines}`, bookedOn: day } as const
    shown.push({ movement, amount })
    return direction === 'debit'
      ? { what, named: `unexpected debit ${amount}`, more: -amount }
      : { what, named: `unexpected credit ${amount} unmatched`, more: 0n } // it is money now
  }

  function change(what: Difference, one: Shown): Put {
    const { movement } = one
    const { direction, amount } = movement
    const more = direction === 'debit' && random.oneIn(2) ? -1_000n : 1_000n
    one.amount += more
    const state = more > 0n ? 'differing' : 'partly'
    const named = `${state} ${direction} ${one.amount} ${amount} ${nameOf(movement)}`
    return { what, named, more: direction === 'credit' ? more : -more, movement }
  }

  function leaveOut(what: Difference, one: Shown, shown: Shown[]): Put {
    shown.splice(shown.indexOf(one), 1)
    const { movement } = one
    const { direction, amount } = movement
    const comes = what === 'credit a day late'
    if (comes) late.add(movement)
    const more = comes ? 0n : direction === 'credit' ? -amount : amount
    return { what, named: `missing ${direction} ${amount} ${nameOf(movement)}`, more, movement }
  }

  /** Puts the next difference that can be put on the lines of a day. */
  return (day: string, on: number, shown: Shown[]): Put | undefined => {
    for (const what of queue) {
      const move = () => queue.push(...queue.splice(queue.indexOf(what), 1))
      if (what.endsWith('nobody knows')) {
        move()
        return unknownLine(what, day, on, shown)
      }
      const candidates = shown.filter(({ movement }) => fits[what.split(' ')[0]!]!(movement))
      if (candidates.length === 0) continue
      move()
      const one = random.pick(candidates)
      return what.endsWith('differs') ? change(what, one) : leaveOut(what, one, shown)
    }
    return undefined
  }
}

/** What the books call it. */
export const nameOf = ({ creditId, endToEndId }: Movement): string => creditId ?? endToEndId!
