// The books over HTTP: the trial balance as of any instant, statements, who may see which, and the metric.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ask,
  askByCard,
  openBank,
  openShop,
  openTestGateway,
  operatorKey,
  pay,
  type Shop,
  type TestGateway,
  unappliedOf,
} from '../support/gateway.ts'
import { payFrom, post, refund } from '../support/money.ts'
import { expectRefused } from '../support/refused.ts'

let gateway: TestGateway
let shop: Shop
let other: Shop
/** What the trial balance said at each step, by the instant. */
const seen = new Map<string, unknown>()

const get = (path: string, key = operatorKey) => gateway.call('GET', path, { key })
const trialBalance = async (asOf?: string) => {
  const query = asOf === undefined ? '' : `?asOf=${encodeURIComponent(asOf)}`
  return (await get(`/v1/ledger/trial-balance${query}`)).body
}
type Line = { account: string; currency: string; balance: string }
/** What is in the accounts that hold anything. */
const balances = ({ accounts }: { accounts: Line[] }): Record<string, string> =>
  Object.fromEntries(
    accounts.filter(({ balance }) => balance !== '0').map((one) => [one.account, one.balance]),
  )
const statement = async (account: string, query = '', key = operatorKey) =>
  (await get(`/v1/ledger/accounts/${account}/statement?${query}`, key)).body

async function step(act: () => Promise<unknown>, seconds = 7): Promise<void> {
  await act()
  const { asOf, ...answer } = await trialBalance()
  expect(asOf).toBe(gateway.clock.now.toISOString())
  seen.set(asOf, answer)
  gateway.clock.now = new Date(gateway.clock.now.getTime() + seconds * 1000)
}

beforeAll(async () => {
  gateway = await openTestGateway()
  const feePlan = { rate: '0.5', fixed: '0' }
  shop = await openShop(gateway, { feePlan })
  other = await openShop(gateway)
  const bank = await openBank(gateway)
  const [whole, half, theirs] = [
    await ask(gateway, shop),
    await ask(gateway, shop),
    await ask(gateway, other),
  ]
  await step(() => pay(gateway, bank, half, 't1', { amount: '50000' }))
  await step(() => payFrom(gateway, bank, whole, 't2', { amount: '130000' }), 60)
  await step(() => pay(gateway, bank, theirs, 't3'))
  await step(async () => {
    const { body } = await refund(gateway, shop, whole.id, { amount: '25000', reason: 'returned goods' })
    await ended(`/v1/refunds/${body.id}`)
  }, 3_600)
  await step(async () => {
    await post(gateway, `/v1/payments/${half.id}/cancel`, shop.key)
    const credit = (await gateway.store.readAll('', 1_000)).find(({ type }) => type === 'CreditReceived')!
    await unappliedOf(gateway, operatorKey, credit.stream.slice('credit-'.length))
  }, 86_400)
  await step(async () => {
    const held = await askByCard(gateway, shop, { amount: '200000' })
    await post(gateway, `/v1/payments/${held.id}/capture`, shop.key, { amount: '180000' })
  })
})
afterAll(() => gateway.stop())

const ended = async (path: string): Promise<void> => {
  while ((await get(path, shop.key)).body.status !== 'completed')
    await new Promise((done) => setTimeout(done, 5))
}

describe('the trial balance', () => {
  test('says what is in each account, and that all of it is balanced', async () => {
    const answer = await trialBalance()
    expect(balances(answer)).toEqual({
      bank_clearing: '280000', // 50,000 + 130,000 + 125,000 in, 25,000 out
      acquirer_receivable: '180000',
      unapplied_funds: '55000', // 5,000 too much, and 50,000 on what was canceled
      merchant_payable: '403475', // 280,000 less 25,000 less fees, and 125,000 of the other
      fee_income: '1525', // of 125,000 and 180,000
    })
    expect(answer.difference).toBe('0')
    const [{ debits, credits }] = answer.totals
    expect(debits).toBe(credits)
    expect(answer.totals).toEqual([{ currency: 'VND', debits, credits }])
    expect(answer.accounts).toHaveLength(16)
  })

  test('as of any past instant is what it was then, also within a minute', async () => {
    expect(seen.size).toBe(6)
    for (const [asOf, before] of seen) {
      const { asOf: answered, ...answer } = await trialBalance(asOf)
      expect([answered, answer]).toEqual([asOf, before])
    }
    const [first, second] = [...seen.keys()] as [string, string]
    expect(balances(await trialBalance(second))).toEqual({
      bank_clearing: '180000',
      open_payments: '50000',
      unapplied_funds: '5000',
      merchant_payable: '124375',
      fee_income: '625',
    })
    const justBefore = new Date(Date.parse(second) - 1).toISOString()
    expect((await trialBalance(justBefore)).accounts).toEqual((await trialBalance(first)).accounts)
  })

  test('before anything was posted it is empty', async () => {
    const { asOf, accounts, ...answer } = await trialBalance('2026-11-22T09:59:59.999+07:00')
    expect(asOf).toBe('2026-11-22T02:59:59.999Z')
    expect([accounts.length, balances({ accounts })]).toEqual([16, {}])
    expect(answer).toEqual({ totals: [{ currency: 'VND', debits: '0', credits: '0' }], difference: '0' })
  })

  test('the future is refused, and what is no instant', async () => {
    const ahead = new Date(gateway.clock.now.getTime() + 1).toISOString()
    expectRefused(await get(`/v1/ledger/trial-balance?asOf=${ahead}`), 'validation_failed', 'asOf')
    expectRefused(await get('/v1/ledger/trial-balance?asOf=2026-11-22'), 'validation_failed', 'asOf')
    expectRefused(await get('/v1/ledger/trial-balance', shop.key), 'forbidden')
  })

  test('is a metric', async () => {
    const { text } = await gateway.call('GET', '/metrics')
    expect(text).toMatch(/^thungan_trial_balance_difference 0$/m)
  })
})

const days = 'from=2026-11-22&to=2026-11-23'

describe("a merchant's statement", () => {
  test('shows its own sales, fees and refunds, from what it was owed to what it is owed', async () => {
    const answer = await statement('merchant_payable', days, shop.key)
    expect(answer).toMatchObject({
      merchantId: shop.merchantId,
      opening: '0',
      closing: '278475',
      nextCursor: null,
    })
    expect(
      answer.data.map(({ event, amount, gross, refund, fee, vat, balance }: Record<string, string>) =>
        [event, gross, refund, fee, vat, amount, balance].join(' '),
      ),
    ).toEqual([
      'PaymentPaid 125000 0 -625 0 124375 124375',
      'RefundTransferRequested 0 -25000 0 0 -25000 99375',
      'PaymentPaid 180000 0 -900 0 179100 278475',
    ])
  })

  test('of a period opens with what was owed before, a page at a time', async () => {
    const [, second, third, fourth] = [...seen.keys()] as [string, string, string, string]
    const period = `from=${third}&limit=1`
    const first = await statement('merchant_payable', period, shop.key)
    expect(first).toMatchObject({ opening: '124375', closing: '278475', data: [{ balance: '99375' }] })
    const next = await statement('merchant_payable', `${period}&cursor=${first.nextCursor}`, shop.key)
    expect(next).toMatchObject({ opening: '124375', data: [{ balance: '278475' }], nextCursor: null })
    const until = await statement('merchant_payable', `from=${second}&to=${fourth}`, shop.key)
    expect(until).toMatchObject({ opening: '0', closing: '124375', data: [{ amount: '124375' }] })
  })

  test('is its own only', async () => {
    const path = '/v1/ledger/accounts/merchant_payable/statement'
    expect((await statement('merchant_payable', days, other.key)).closing).toBe('125000')
    expectRefused(await get(`${path}?merchantId=${shop.merchantId}`, other.key), 'not_found')
    expectRefused(await get('/v1/ledger/accounts/fee_income/statement', shop.key), 'forbidden')
    expect((await statement('merchant_payable', `${days}&merchantId=${other.merchantId}`)).closing).toBe(
      '125000',
    )
  })
})

describe('the statement of an account', () => {
  test('is read from the log, with the balance after each line', async () => {
    const answer = await statement('unapplied_funds', days)
    expect(answer).toMatchObject({
      account: 'unapplied_funds',
      opening: '0',
      closing: '55000',
      nextCursor: null,
    })
    expect(answer.data).toMatchObject([
      { event: 'CreditUnapplied', kind: 'unapplied', amount: '5000', balance: '5000' },
      { event: 'CreditUnapplied', kind: 'unapplied', amount: '50000', balance: '55000' },
    ])
  })

  test.each(['merchant_payable', 'credits_to_match', 'bank_clearing'])(
    '%s, a line a page, is the same',
    async (account) => {
      const whole = await statement(account, days)
      const lines: unknown[] = []
      let cursor = ''
      do {
        const page = await statement(account, `${days}&limit=1${cursor}`)
        expect([page.opening, page.closing]).toEqual([whole.opening, whole.closing])
        lines.push(...page.data)
        cursor = page.nextCursor && `&cursor=${page.nextCursor}`
      } while (cursor)
      expect(lines).toEqual(whole.data)
      expect(lines.length).toBeGreaterThan(3)
      expect(whole.data.at(-1).balance).toBe(whole.closing)
    },
  )

  test('of a part of a minute begins and ends within it', async () => {
    const [first, second] = [...seen.keys()] as [string, string]
    const answer = await statement('bank_clearing', `from=${second}`)
    expect(answer).toMatchObject({ opening: '50000', closing: '280000' })
    expect(answer.data.map(({ amount }: Line & { amount: string }) => amount)).toEqual([
      '130000',
      '125000',
      '-25000',
    ])
    const until = await statement('bank_clearing', `from=${first}&to=${second}`)
    expect(until).toMatchObject({ opening: '0', closing: '50000', data: [{ amount: '50000' }] })
  })

  test('what cannot be asked is said', async () => {
    const of = (account: string, query: string) => get(`/v1/ledger/accounts/${account}/statement?${query}`)
    expectRefused(await of('petty_cash', ''), 'not_found')
    expectRefused(await of('fee_income', `merchantId=${shop.merchantId}`), 'validation_failed', 'merchantId')
    expectRefused(await of('fee_income', 'currency=XXX'), 'validation_failed', 'currency')
    expectRefused(await of('fee_income', 'from=2027-01-01'), 'validation_failed', 'from')
    expectRefused(await of('fee_income', 'cursor=x'), 'validation_failed', 'cursor')
  })
})
