// A debit that is cut off anywhere ends in one payment or none: the machine dies at each of its appends, before or after it is durable.
import { describe, expect, test } from 'vitest'
import { billId, mandateId, openMandateWorld, type Said } from '../support/mandateWorld.ts'

async function world(...said: Said[]) {
  const opened = openMandateWorld(...said)
  await opened.prepare()
  return opened
}
type World = Awaited<ReturnType<typeof world>>

async function ended({ start, carriedOut, count }: World) {
  const { gateway } = start()
  const { state: mandate } = await gateway.mandates.load(mandateId)
  const { state: bill } = await gateway.bills.load(billId)
  if (mandate.status === 'new' || bill.status === 'new') throw new Error('neither mandate nor bill')
  return {
    debit: mandate.debits.get(billId)?.status,
    bill: bill.status,
    locked: bill.lock !== undefined,
    carriedOut: carriedOut.size,
    payments: await count('PaymentRequested'),
    paid: await count('PaymentPaid'),
    requested: await count('DebitRequested'),
    unapplied: await count('CreditUnapplied'),
  }
}
const once = {
  debit: 'completed',
  bill: 'paid',
  locked: false,
  carriedOut: 1,
  payments: 1,
  paid: 1,
  requested: 1,
  unapplied: 0,
}
const never = { ...once, debit: 'declined', bill: 'open', carriedOut: 0, paid: 0 }

describe('without a crash', () => {
  test('the bill is paid, by one payment and one order to the bank', async () => {
    const w = await world()
    await w.live()
    expect(await ended(w)).toEqual(once)
    expect(w.told).toEqual([`${mandateId}-${billId}`])
  })

  test('the answer is lost: the bank is asked, and not told again', async () => {
    const w = await world('answer lost')
    await w.live()
    expect(await ended(w)).toEqual(once)
    expect(w.told.length).toBe(1)
  })

  test('the order is lost: the bank says so, and the bill is free', async () => {
    const w = await world('order lost')
    await w.live()
    expect(await ended(w)).toEqual(never)
    expect(w.told.length).toBe(1)
  })

  test('declined: the bill is free', async () => {
    const w = await world('declined')
    await w.live()
    expect(await ended(w)).toEqual(never)
  })

  test('two machines at once tell the bank once', async () => {
    const w = await world()
    const machines = [w.start(), w.start(), w.start()]
    await machines[0]!.run()
    w.clock.now = new Date('2026-11-12T00:00:00.000Z')
    await Promise.all(machines.map(({ clockWork }) => clockWork()))
    await Promise.all(machines.map(({ replay }) => replay()))
    await w.live()
    expect(await ended(w)).toEqual(once)
    expect(w.told.length).toBe(1)
  })

  test('the whole log again, ten times: nothing is added', async () => {
    const w = await world()
    await w.live()
    const head = await w.store.head()
    for (let turn = 0; turn < 10; turn++) await w.start().run()
    expect(await w.store.head()).toBe(head)
  })
})

/** How many appends a machine makes from the mandate to the end; more than that it cannot die at. */
const deathsMax = 20

describe.each([[[]], [['answer lost']], [['declined']]] as [Said[]][])(
  'the bank says %j, and the machine dies',
  (said) => {
    const deaths = Array.from({ length: deathsMax }, (_, at) => at + 1).flatMap((append) =>
      (['before', 'after'] as const).map((when) => ({ append, when })),
    )
    test.each(deaths)('$when append $append', async (death) => {
      const w = await world(...said)
      await w.live(death)
      const end = await ended(w)
      expect(end).toEqual(w.told.length === 0 || said[0] === 'declined' ? never : once)
      expect(w.told.length).toBeLessThanOrEqual(1)
    })
  },
)

test.each(['CancelMandate', 'PauseMandate'] as const)(
  '%s between the payment and the debit: the bank is not told, and the bill is free',
  async (type) => {
    const w = await world()
    await w.start().run()
    w.clock.now = new Date('2026-11-12T00:00:00.000Z')
    const appends = ['SiteRegistered', 'BillLocked', 'PaymentRequested']
    const death = { append: appends.length, when: 'after' } as const
    await w
      .start(death)
      .run()
      .catch(() => {})
    expect([await w.count('PaymentRequested'), await w.count('DebitRequested')]).toEqual([1, 0])
    const { gateway, run } = w.start()
    await gateway.mandates.handle(mandateId, { type, data: { at: w.clock.now.toISOString() } }, {})
    await run()
    expect(await ended(w)).toEqual({ ...never, debit: 'skipped', requested: 0 })
    expect([w.told, await w.count('PaymentCanceled')]).toEqual([[], 1])
  },
)

test('so many deaths are enough: a machine that lives appends fewer times', async () => {
  const w = await world()
  const before = (await w.types()).length
  await w.live()
  expect((await w.types()).length - before).toBeLessThanOrEqual(deathsMax)
  expect((await w.types()).length - before).toBeGreaterThan(10)
})
