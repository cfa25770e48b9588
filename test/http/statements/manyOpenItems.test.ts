// A statement of an account with more open items than are looked at together: what was notified is not taken again.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accepted } from '../../../src/http/outcome.ts'
import { connectorFor } from '../../../src/http/statements/connectorFor.ts'
import { reconcile } from '../../../src/http/statements/reconcile.ts'
import { keepStatement } from '../../../src/http/statements/spoolStatement.ts'
import {
  ask,
  type Bank,
  openBank,
  openShop,
  openTestGateway,
  pay,
  type Shop,
  type TestGateway,
} from '../../support/gateway.ts'
import { camt053, type Line } from '../../support/statements.ts'

let gateway: TestGateway
let shop: Shop
let bank: Bank
beforeEach(async () => {
  gateway = await openTestGateway()
  shop = await openShop(gateway)
  bank = await openBank(gateway)
})
afterEach(() => gateway.stop())

const account = { bankBin: '970422', accountNumber: '0123456789' }
const statementId = 'stm_7K3MA9QZXW4F2P8R6T7K3MA9QZ'

async function* file(lines: readonly Line[]) {
  yield new TextEncoder().encode(camt053(lines))
}

/** Reconciles with few items looked at together; what became of the lines, in their order. */
async function reconciled(lines: readonly Line[], bounds = { anyMax: 2, neededMax: 1_000 }) {
  const { services } = gateway
  await gateway.settled()
  await using kept = await keepStatement(file(lines), 'utf-8', {}, services)
  const vnd = (amount: bigint) => ({ amount: amount.toString(), currency: 'VND' }) as const
  const { format, from, to } = kept.head
  const sums = { lineCount: kept.lineCount, credits: vnd(kept.credits), debits: vnd(kept.debits) }
  const data = {
    format,
    ...account,
    currency: 'VND',
    from,
    to,
    ...sums,
    receivedAt: '2026-11-22T03:00:00.000Z',
  }
  accepted(await services.gateway.statements.handle(statementId, { type: 'ReceiveStatement', data }, {}))
  const tellers = await connectorFor(account, undefined, services)
  await reconcile({ statementId, account, paysOut: false, tellers, kept, metadata: {} }, services, bounds)
  await gateway.settled()
  const found = await Promise.all(
    ['matched', 'unexpected'].map((list) =>
      services.readModels.statementLines(statementId, list, { limit: 200, cursor: undefined }),
    ),
  )
  return found
    .flatMap(({ rows }) => rows)
    .toSorted((a, b) => a.line - b.line)
    .map(({ rule, creditId }) => rule ?? (creditId === null ? 'left' : 'taken'))
}

const received = async () =>
  (await gateway.store.readAll('', 10_000)).filter(({ type }) => type === 'CreditReceived').length

/** Notified, and on the statement without the bank's name of it. */
async function notified(count: number): Promise<Line[]> {
  const lines: Line[] = []
  for (let at = 0; at < count; at++) {
    const payment = await ask(gateway, shop, { amount: `${100_000 + at}` })
    await pay(gateway, bank, payment, `FT${at}`)
    lines.push({ amount: payment.amount, text: `TN${payment.reference}` })
  }
  return lines
}

test('each line finds its notified credit, however many there are', async () => {
  const lines = await notified(6)
  expect(await reconciled(lines)).toEqual(lines.map(() => 'payment_reference'))
  expect(await received()).toBe(6)
})

test('open items are read page by page, whatever days and ids they have', async () => {
  for (const [at, occurredAt] of [
    '2026-11-21T03:00:00Z',
    '2026-11-22T01:00:00Z',
    '2026-11-20T03:00:00Z',
  ].entries())
    for (const number of [1, 2, 3])
      await pay(gateway, bank, { amount: `${number}`, reference: '' }, `FT${at}-${number}`, { occurredAt })
  await gateway.settled()
  const range = { ...account, paysOut: false, currency: 'VND', from: '2026-11-21', to: '2026-11-22' }
  const seen: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 10; page++) {
    const { rows, nextCursor } = await gateway.services.readModels.openItems('credit', range, {
      limit: 2,
      cursor,
    })
    seen.push(...rows.map(({ expectedOn, amount }) => `${expectedOn} ${amount}`))
    cursor = nextCursor ?? undefined
    if (cursor === undefined) break
  }
  expect(seen.toSorted()).toEqual(
    ['2026-11-21', '2026-11-22'].flatMap((day) => [1, 2, 3].map((amount) => `${day} ${amount}`)),
  )
})

test('a line may be the sum of credits that were not looked at: it is taken only if it names a payment', async () => {
  const [first, second, third] = await notified(5)
  const sum = { amount: `${Number(second!.amount) + Number(third!.amount)}`, text: 'gop' }
  const open = await ask(gateway, shop)
  const paying = { amount: open.amount, text: `TN${open.reference}` }
  expect(await reconciled([first!, sum, paying])).toEqual(['payment_reference', 'left', 'taken'])
  expect(await received()).toBe(6)
})

test('nothing is taken where even what lines name is too much to look at', async () => {
  const lines = await notified(6)
  const seen = await reconciled(lines, { anyMax: 1, neededMax: 2 })
  expect(seen.toSorted()).toEqual([...Array(3).fill('left'), ...Array(3).fill('payment_reference')])
  expect(await received()).toBe(6)
})
