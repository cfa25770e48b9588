// A month of three billers by seed: bills are uploaded, asked for and paid in every odd way; each day's file must equal the books.
import type { BillProfile } from '../../src/domain/bills/biller.ts'
import { atRest } from '../support/atRest.ts'
import { openBiller, uploadBills } from '../support/billers.ts'
import { type Answer, openShop, operatorKey, passTime, type TestGateway } from '../support/gateway.ts'
import { post } from '../support/money.ts'
import { type Random, seeded } from './random.ts'

type Biller = {
  readonly name: string
  readonly sector: string
  readonly code: (customer: number) => string
  readonly profile: Partial<BillProfile>
  readonly feePlan: { readonly rate: string; readonly fixed: string }
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')

const billers: readonly Biller[] = [
  {
    name: 'Điện lực',
    sector: 'electricity',
    code: (customer) => `PD${digits(customer, 11)}`,
    profile: {
      customerCode: { check: 'evn' },
      lateFee: { kind: 'rate', percentPerDay: '0.03', graceDays: 3 },
      overpayment: 'returned',
    },
    feePlan: { rate: '0.2', fixed: '0' },
  },
  {
    name: 'Nước sạch',
    sector: 'water',
    code: (customer) => `HN${digits(customer, 7)}`,
    profile: {
      customerCode: { check: 'patterns', patterns: ['HN#######'] },
      partialPayment: { allowed: true, order: 'late-fee-last' },
      lateFee: { kind: 'fixed', fixed: '5000', graceDays: 0 },
      overpayment: 'unapplied',
    },
    feePlan: { rate: '0', fixed: '500' },
  },
  {
    name: 'Viễn thông',
    sector: 'telecom',
    code: (customer) => `TB${digits(customer, 8)}`,
    profile: { customerCode: { check: 'any' }, feeBorneBy: 'payer', overpayment: 'next-bill' },
    feePlan: { rate: '0.55', fixed: '0' },
  },
]

/** What a payer does with a bill, out of a hundred. */
const ways = [
  [66, 'exact'],
  [6, 'paper'],
  [4, 'race'],
  [4, 'over'],
  [4, 'part'],
  [3, 'late'],
  [3, 'canceled'],
  [2, 'twice'],
  [2, 'refused'],
  [2, 'elsewhere'],
  [4, 'never'],
] as const
type Way = (typeof ways)[number][1]

type Opened = Biller & { readonly billerId: string; readonly key: string }
type Due = { readonly number: string; readonly customer: number; readonly day: number; readonly way: Way }
type Payment = { readonly id: string; readonly amount: string; readonly qr: { readonly payload: string } }

export type BillMonth = {
  readonly uploaded: number
  readonly payments: number
  /** How many bills went each way. */
  readonly ways: Readonly<Partial<Record<Way, number>>>
  /** For each biller what its files add up to, and what the books say it is owed at the end. */
  readonly files: readonly bigint[]
  readonly booked: readonly bigint[]
  /** Of the books, after every day: '0'. */
  readonly differences: readonly string[]
  /** A customer of the first biller, by number. */
  readonly customerOf: (customer: number) => {
    readonly billerId: string
    readonly key: string
    readonly customerCode: string
    readonly name: string
  }
  /** Days on which a biller's file and the books differ. */
  readonly unequal: readonly string[]
}

type Wish = {
  readonly seed: number
  readonly billsEach: number
  /** Of how many bills one is paid; the others are left open. */
  readonly payOneIn?: number
  readonly tell?: (what: string) => void
}

const days = 28
const atOnce = 24
const dateOf = (day: number): string => `2026-11-${digits(day, 2)}`
const at = (day: number, hour: number): Date => new Date(Date.UTC(2026, 10, day, hour - 7))

export async function playBillMonth(gateway: TestGateway, wish: Wish): Promise<BillMonth> {
  const { seed, billsEach, payOneIn = 1, tell = () => {} } = wish
  const random = seeded(seed)
  gateway.clock.now = at(1, 8)
  const shop = await openShop(gateway)
  const opened: Opened[] = []
  for (const biller of billers) {
    const { name, sector, profile, feePlan } = biller
    opened.push({ ...biller, ...(await openBiller(gateway, profile, { name, sector, feePlan })) })
  }
  const due = opened.map(() => billsOf(billsEach, payOneIn, random))
  let uploaded = 0
  for (const [index, biller] of opened.entries()) {
    const file = fileOf(biller, due[index]!)
    for (const expected of ['accepted', 'unchanged']) {
      const { body } = await uploadBills(gateway, biller.key, file)
      if (body[expected] !== billsEach) throw new Error(`${biller.name}: ${JSON.stringify(body)}`)
    }
    uploaded += billsEach
    tell(`${biller.name}: ${billsEach} bills uploaded, twice`)
  }
  const counted: Partial<Record<Way, number>> = {}
  const [files, differences, unequal] = [opened.map(() => 0n), [] as string[], [] as string[]]
  for (let day = 1; day <= days; day++) {
    gateway.clock.now = at(day, 9)
    await gateway.settled()
    const todays = opened.flatMap((biller, index) =>
      due[index]!.filter((bill) => bill.day === day).map((bill) => ({ biller, bill })),
    )
    await inParallel(todays, async ({ biller, bill }) => {
      counted[bill.way] = (counted[bill.way] ?? 0) + 1
      await pay(gateway, shop.key, biller, bill)
    })
    await passTime(gateway, 12 * 3600)
    await quiet(gateway)
    gateway.clock.now = at(day + 1, 0)
    for (const [index, biller] of opened.entries()) {
      const [filed, booked] = [await fileSum(gateway, biller, day), await bookedOn(gateway, biller, day)]
      files[index]! += filed
      if (filed !== booked) unequal.push(`${biller.name} ${dateOf(day)}: ${filed}, ${booked}`)
    }
    differences.push((await trialBalance(gateway)).difference)
    tell(`${dateOf(day)}: ${todays.length} bills`)
  }
  const booked = await Promise.all(opened.map((biller) => owedTo(gateway, biller)))
  const requested = (await gateway.services.readModels.statistics('2026-11-01', '2026-12-31', 'year', []))[0]
  return {
    uploaded,
    payments: requested?.count ?? 0,
    ways: counted,
    files,
    booked,
    differences,
    unequal,
    customerOf: (customer) => {
      const { billerId, key, code } = opened[0]!
      return { billerId, key, customerCode: code(customer), name: nameOf(customer) }
    },
  }
}

const nameOf = (customer: number): string => `Khách hàng thứ ${customer} ạ`

function billsOf(count: number, payOneIn: number, random: Random): readonly Due[] {
  return Array.from({ length: count }, (_, index) => ({
    number: `B${digits(index, 7)}`,
    customer: random.oneIn(5) && index > 0 ? index - 1 : index, // some have two
    day: random.oneIn(payOneIn) ? 1 + random.below(days) : 0,
    way: wayOf(random.below(100)),
  }))
}

function wayOf(roll: number): Way {
  let rest = roll
  for (const [share, way] of ways) {
    if (rest < share) return way
    rest -= share
  }
  return 'never'
}

const amountOf = ({ number }: Due): number => 50_000 + (Number(number.slice(1)) % 900) * 1_000

function fileOf(biller: Opened, bills: readonly Due[]): string {
  const rows = bills.map((bill) => {
    const { number, customer } = bill
    const dueOn = dateOf(5 + (customer % 20))
    return `${number},${biller.code(customer)},${amountOf(bill)},2026-11-01,${dueOn},${nameOf(customer)}`
  })
  const sum = bills.reduce((total, bill) => total + amountOf(bill), 0)
  const head = 'billNumber,customerCode,amount,issuedOn,dueOn,customerName'
  return [head, ...rows, `TOTAL,${bills.length},${sum}`].join('\n')
}

async function pay(gateway: TestGateway, till: string, biller: Opened, bill: Due): Promise<void> {
  const path = `/v1/bills?billerId=${biller.billerId}&customerCode=${biller.code(bill.customer)}`
  const { data } = (await gateway.call('GET', path, { key: till })).body
  const id = data.find((one: { billNumber: string }) => one.billNumber === bill.number)?.id
  if (id === undefined) return // paid already, together with another bill of the customer
  const ask = async (body: object = {}): Promise<Payment | undefined> => {
    const answer = await post(gateway, '/v1/bills/payments', till, { billIds: [id], ...body })
    return answer.status === 201 ? answer.body : undefined
  }
  const transfer = (payment: Payment | undefined, body: object = {}): Promise<Answer> | undefined =>
    payment && post(gateway, '/v1/sandbox/pay', '', { qrPayload: payment.qr.payload, ...body })
  const scan = async (): Promise<void> => {
    const read = (await gateway.call('GET', `/v1/bills/${id}`, { key: biller.key })).body
    const amount = String(amountOf(bill))
    await post(gateway, '/v1/sandbox/pay', '', { qrPayload: read.paper.payload, amount })
  }
  const payments: Readonly<Record<Way, () => Promise<unknown>>> = {
    exact: async () => transfer(await ask()),
    paper: scan,
    race: async () => {
      const payment = await ask()
      return Promise.all([scan(), transfer(payment)])
    },
    over: async () => {
      const payment = await ask()
      return transfer(payment, { amount: payment && String(BigInt(payment.amount) + 7_000n) })
    },
    part: async () => {
      if (biller.profile.partialPayment?.allowed) return transfer(await ask({ amount: '20000' }))
      const payment = await ask()
      await transfer(payment, { amount: '20000' })
      return transfer(payment, { amount: payment && String(BigInt(payment.amount) - 20_000n) })
    },
    late: () => ask({ expiresInSeconds: 60 }), // nobody pays: it expires in the evening
    canceled: async () => {
      const payment = await ask()
      if (payment) await post(gateway, `/v1/payments/${payment.id}/cancel`, till)
      return transfer(payment) // and the payer pays after all
    },
    twice: async () => {
      const payment = await ask()
      const transactionId = `T-${id}`
      await transfer(payment, { transactionId })
      return transfer(payment, { transactionId })
    },
    refused: async () => {
      const payment = await ask()
      await transfer(payment)
      if (!payment) return
      for (let turn = 0; turn < 1_000; turn++) {
        const said = { paymentId: payment.id, outcome: 'refused', reason: 'account_closed' }
        const { status } = await post(gateway, `/v1/bills/${id}/postings`, biller.key, said)
        if (status !== 404) return // the bill knows of its payment a moment later
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    elsewhere: async () => {
      const payment = await ask()
      await uploadBills(gateway, biller.key, `billNumber,status\n${bill.number},paid`)
      return transfer(payment)
    },
    never: async () => {},
  }
  await payments[bill.way]()
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Resolves once the processes have nothing more to do, and no money is on its way. */
const quiet = (gateway: TestGateway): Promise<void> =>
  atRest(gateway, async () => {
    const open = await gateway.services.readModels.dueTransfers('9999-12-31T00:00:00.000Z', 1)
    return open.length > 0
  })

const endOf = (day: number): string => `2026-11-${digits(day, 2)}T17:00:00Z`
const startOf = (day: number): string => (day === 1 ? '2026-10-31T17:00:00Z' : endOf(day - 1))

async function fileSum(gateway: TestGateway, { key }: Opened, day: number): Promise<bigint> {
  const { text } = await gateway.call('GET', `/v1/bills/days/${dateOf(day)}/file.csv`, { key })
  const lines = text.split('\n').filter((line) => /^\d/.test(line))
  const sum = lines.reduce((total, line) => total + BigInt(line.split(',').at(-1)!), 0n)
  const said = /^TOTAL,(\d+),(-?\d+)$/m.exec(text)
  if (said?.[1] !== String(lines.length) || said[2] !== String(sum)) throw new Error(`${text.slice(-200)}`)
  return sum
}

async function bookedOn(gateway: TestGateway, { billerId }: Opened, day: number): Promise<bigint> {
  const query = `merchantId=${billerId}&from=${startOf(day)}&to=${endOf(day)}&limit=1`
  const path = `/v1/ledger/accounts/merchant_payable/statement?${query}`
  const { opening, closing } = (await gateway.call('GET', path, { key: operatorKey })).body
  return BigInt(closing) - BigInt(opening)
}

async function owedTo(gateway: TestGateway, { billerId }: Opened): Promise<bigint> {
  const path = `/v1/ledger/accounts/merchant_payable/statement?merchantId=${billerId}&from=2026-10-01T00:00:00Z&to=2026-11-29T00:00:00Z&limit=1`
  return BigInt((await gateway.call('GET', path, { key: operatorKey })).body.closing)
}

const trialBalance = async (gateway: TestGateway): Promise<{ difference: string }> =>
  (await gateway.call('GET', '/v1/ledger/trial-balance', { key: operatorKey })).body
