// The bank's statement of a day: what moved on an account, with the differences that the seed puts there; and whether reconciliation names them, and nothing else.
import { addDays } from '../../src/domain/core/businessDay.ts'
import { operatorKey, type TestGateway } from '../support/gateway.ts'
import { camt053, type Line, sendStatement, sumOf } from '../support/statements.ts'
import type { Random } from './random.ts'
import { collecting, type Movement, type TradeBank } from './tradeBank.ts'
import { type Difference, nameOf, type Shown, seededDifferences } from './tradeDifferences.ts'

type Listed = {
  readonly id: string
  readonly itemId: string
  readonly state: string
  readonly direction: string
  readonly amount: string
  readonly expectedAmount?: string
  readonly items: readonly string[]
  readonly creditId?: string
  readonly outcome?: string
}

export type Statements = {
  /** Sends the statements of a day, each twice; with a difference, or without. */
  readonly send: (day: string, differs: boolean) => Promise<void>
  /** For each payout what the statements say that left for it. */
  readonly stated: ReadonlyMap<string, bigint>
  /** Payouts whose lines the seed left out or changed, and by how much less the statement has. */
  readonly seeded: ReadonlyMap<string, bigint>
  /** How often each difference was put. */
  readonly counts: ReadonlyMap<Difference | 'never notified' | 'payout sent back', number>
  /** What the accounts hold by the last statements, without the differences. */
  readonly corrected: () => bigint
  /** Ids of exceptions that must still be open. */
  readonly open: Set<string>
}

export function tradeStatements(
  gateway: TestGateway,
  bank: TradeBank,
  random: Random,
  wrong: string[],
): Statements {
  const putNext = seededDifferences(random)
  const balances = collecting.map(() => 0n)
  const shownLater: { readonly day: string; readonly movement: Movement }[] = []
  const [stated, seeded, open] = [new Map<string, bigint>(), new Map<string, bigint>(), new Set<string>()]
  const counts = new Map<Difference | 'never notified' | 'payout sent back', number>()
  let excess = 0n
  const count = (what: Difference | 'never notified' | 'payout sent back') =>
    counts.set(what, (counts.get(what) ?? 0) + 1)

  /** What of a day's movements reconciliation must name, though nobody changed the statement. */
  function namedAnyway({ direction, amount, reversal, creditId, becomes }: Movement): string[] {
    if (reversal) count('payout sent back')
    if (reversal) return [`unexpected ${direction} ${amount}`]
    if (!becomes || creditId !== undefined) return []
    count('never notified')
    return [`unexpected ${direction} ${amount} ${becomes}`]
  }

  async function sendOne(day: string, on: number, differs: boolean): Promise<void> {
    const moved = bank.movements.filter((movement) => movement.bookedOn === day)
    const arriving = shownLater.filter((later) => later.day === day).map(({ movement }) => movement)
    const own = [...moved, ...arriving].filter((movement) => movement.on === on)
    const shown: Shown[] = own.map((movement) => ({ movement, amount: movement.amount }))
    const named = own.flatMap(namedAnyway)
    const put = differs ? putNext(day, on, shown) : undefined
    if (put) {
      const { what, movement, more } = put
      count(what)
      named.push(put.named)
      excess += more
      if (what === 'credit a day late') shownLater.push({ day: addDays(day, 1), movement: movement! })
      if (what.startsWith('payout')) seeded.set(nameOf(movement!), more)
    }
    const lines = shown.map((line) => camtLine(line, day))
    const opening = balances[on]!
    balances[on] = opening + sumOf(lines)
    const file = camt053(lines, { opening, from: day, accountNumber: collecting[on]!.accountNumber })
    const answer = await sendStatement(gateway, file)
    const again = await sendStatement(gateway, file)
    if (again.text !== answer.text || again.headers.get('idempotent-replayed') !== 'true')
      wrong.push(`statement of ${day}, sent again: ${again.text.slice(0, 300)}`)
    if (answer.status === 200) await compare(answer.body.id, day, named)
    else wrong.push(`statement of ${day}: ${answer.text}`)
  }

  async function compare(statementId: string, day: string, named: readonly string[]): Promise<void> {
    const list = (name: string) => listed(gateway, `/v1/reconciliations/${statementId}/lines?list=${name}`)
    const [matched, differing] = [await list('matched'), await list('differing')]
    const [missing, unexpected] = [await list('missing'), await list('unexpected')]
    const found = [
      ...missing.map(({ direction, amount, itemId }) => `missing ${direction} ${amount} ${itemId}`),
      ...differing.map(
        ({ state, direction, amount, expectedAmount, items }) =>
          `${state} ${direction} ${amount} ${expectedAmount} ${items.join(' ')}`,
      ),
      ...unexpected.map(
        ({ direction, amount, creditId, outcome }) =>
          `unexpected ${direction} ${amount}${creditId === undefined ? '' : ` ${outcome}`}`,
      ),
    ].toSorted()
    if (String(found) !== String(named.toSorted()))
      wrong.push(`statement of ${day}: found ${found.join('; ')}, put ${named.join('; ')}`)
    for (const { amount, items } of [...matched, ...differing])
      for (const item of items) {
        open.delete(item) // it has come
        if (item.startsWith('SET')) stated.set(item, (stated.get(item) ?? 0n) + BigInt(amount))
      }
    for (const { itemId } of missing) open.add(itemId)
    for (const { id } of differing) open.add(id)
    for (const { id, creditId } of unexpected) if (creditId === undefined) open.add(id)
  }

  return {
    send: async (day, differs) => {
      const chosen = random.below(collecting.length)
      for (const on of collecting.keys()) await sendOne(day, on, differs && on === chosen)
    },
    stated,
    seeded,
    counts,
    corrected: () => balances.reduce((sum, balance) => sum + balance, 0n) - excess,
    open,
  }
}

const camtLine = ({ movement, amount }: Shown, bookedOn: string): Line => {
  const { direction, text, reference, endToEndId, reversal } = movement
  return {
    amount: String(amount),
    direction,
    text,
    reference,
    bookedOn,
    ...(endToEndId !== undefined && { endToEndId }),
    ...(reversal && { reversal }),
  }
}

/** All pages of a list. */
export async function listed(gateway: TestGateway, path: string): Promise<readonly Listed[]> {
  const all: Listed[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor && `&cursor=${cursor}`}`
    const { status, text, body } = await gateway.call('GET', page, { key: operatorKey })
    if (status !== 200) throw new Error(`${page}: ${text}`)
    all.push(...body.data)
    cursor = body.nextCursor
  }
  return all
}
