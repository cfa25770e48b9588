// GET /v1/bills: what a customer of a biller owes now, the oldest bill first, to whoever takes the payment.
import { z } from '@hono/zod-openapi'
import type { BillProfile } from '../domain/bills/biller.ts'
import { profileOf } from '../domain/bills/billerProfile.ts'
import { isLocked } from '../domain/bills/billPayment.ts'
import { customerCodeKey, fitsRule } from '../domain/bills/customerCode.ts'
import { inquire } from '../domain/bills/inquire.ts'
import { inquiryLimiter } from '../domain/bills/inquiryLimit.ts'
import { owed } from '../domain/bills/owed.ts'
import type { NamedBill } from '../domain/bills/owedBills.ts'
import { addDays, businessDate } from '../domain/core/businessDay.ts'
import { add, formatMoney, type Money, zero } from '../domain/core/money.ts'
import { guessLimiter } from '../domain/pos/guesses.ts'
import type { Caller } from './auth.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { invalid, Problem } from './problem.ts'
import { amount, id, instant } from './schemas.ts'
import type { Services } from './services.ts'

const inquiriesMax = { terminal: 120, merchant: 30_000 }
/** Codes that are nobody's, a minute: who tries one after the other finds out little. */
const guessesMax = 30

const sums = { amount, lateFee: z.string(), due: amount }
const Inquiry = z
  .object({
    outcome: z.enum(['OUTSTANDING', 'NO_OUTSTANDING']),
    billerId: id('mer', 'mer_7K3MA'),
    customerCode: z.string(),
    customer: z
      .object({ name: z.string().optional(), phone: z.string().optional(), address: z.string().optional() })
      .optional()
      .openapi({ description: 'As its initials, but to the biller itself' }),
    data: z.array(
      z.object({
        id: id('bil', 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ'),
        billNumber: z.string(),
        period: z.string().optional(),
        ...sums,
        currency: z.string(),
        issuedOn: z.iso.date(),
        dueOn: z.iso.date(),
        overdue: z.boolean(),
        paymentPending: z.literal(true).optional().openapi({
          description: 'A payment of it is under way: it cannot be paid by another now',
        }),
        cutOffOn: z.iso.date().optional(),
      }),
    ),
    more: z.boolean(),
    total: z.object({ ...sums, currency: z.string() }),
    asOf: instant,
  })
  .openapi('BillInquiry')

/** One for each gateway: it remembers who asked how often. */
export function inquireBillsEndpoint(): Endpoint {
  const limits = {
    terminal: inquiryLimiter(inquiriesMax.terminal),
    merchant: inquiryLimiter(inquiriesMax.merchant),
  }
  const guesses = guessLimiter(guessesMax)
  return endpoint({
    method: 'get',
    path: '/v1/bills',
    summary: 'Read the open bills of a customer',
    tag: 'Bills',
    access: ['merchant', 'terminal'],
    query: z.strictObject({ billerId: id('mer', 'mer_7K3MA'), customerCode: z.string().min(1).max(40) }),
    reply: {
      status: 200,
      description: 'What is open; nothing is another answer than nobody',
      schema: Inquiry,
    },
    problems: ['biller_not_found', 'customer_not_found', 'too_many_inquiries', 'too_many_guesses'],
    run: async ({ query: { billerId, customerCode: written }, caller }, services) => {
      const { keyId, role } = caller!
      const now = services.now()
      const wait = limits[role === 'terminal' ? 'terminal' : 'merchant'].ask(keyId, now.getTime())
      if (wait !== undefined) throw later('too_many_inquiries', wait)
      const biller = await profileOf(services.gateway, billerId)
      if (!biller) throw new Problem('biller_not_found')
      const customerCode = customerCodeKey(written)
      if (!fitsRule(customerCode, biller.profile.customerCode))
        throw invalid({ pointer: 'customerCode', detail: 'Not a customer code of this biller.' })
      const own = isOwn(caller!, billerId)
      const guessed = own ? undefined : guesses.begin(keyId, now.getTime())
      if (guessed !== undefined) throw later('too_many_guesses', guessed)
      const { gateway, readModels } = services
      const inquired = await inquire({ ...gateway, ...readModels }, billerId, customerCode)
      if (!inquired) throw new Problem('customer_not_found')
      if (!own) guesses.right(keyId)
      const { open, more } = inquired
      const asOf = now.toISOString()
      const customer = customerOf(open, own, services)
      const bills = open.map((one) => owing(one, biller.profile, asOf))
      const body = {
        outcome: bills.length > 0 ? 'OUTSTANDING' : 'NO_OUTSTANDING',
        billerId,
        customerCode,
        ...(customer && { customer }),
        data: bills.map(({ view }) => view),
        more,
        total: sumsOf(
          bills.map(({ amount }) => amount),
          bills.map(({ fee }) => fee),
        ),
        asOf,
      }
      return { status: 200, body }
    },
  })
}

const later = (code: 'too_many_inquiries' | 'too_many_guesses', seconds: number): Problem =>
  new Problem(code, { headers: { 'retry-after': String(seconds) } })

const isOwn = ({ role, merchantId }: Caller, billerId: string): boolean =>
  role === 'merchant' && merchantId === billerId

function owing({ id, bill }: NamedBill, { lateFee: rule, cutOffAfterDays }: BillProfile, at: string) {
  const { billNumber, period, issuedOn, dueOn } = bill
  const { amount, lateFee: fee } = owed(bill, rule, at)
  const view = {
    id,
    billNumber,
    ...(period !== undefined && { period }),
    ...sumsOf([amount], [fee]),
    issuedOn,
    dueOn,
    overdue: businessDate(at) > dueOn,
    ...(isLocked(bill, at) && { paymentPending: true }),
    ...(cutOffAfterDays !== undefined && { cutOffOn: addDays(dueOn, cutOffAfterDays) }),
  }
  return { view, amount, fee }
}

function sumsOf(amounts: readonly Money[], fees: readonly Money[]) {
  const [amount, fee] = [amounts, fees].map((all) => all.reduce(add, zero('VND'))) as [Money, Money]
  return {
    amount: formatMoney(amount),
    lateFee: formatMoney(fee),
    due: formatMoney(add(amount, fee)),
    currency: 'VND',
  }
}

/** Of the newest bill that says who it is for. To all but the biller the name is its initials, and the rest is not shown. */
function customerOf(open: readonly NamedBill[], own: boolean, { vault }: Services) {
  const text = newestOpened(open, vault)
  if (text === undefined) return undefined
  const customer = JSON.parse(text) as { name?: string; phone?: string; address?: string }
  if (own) return customer
  return customer.name === undefined ? undefined : { name: initials(customer.name) }
}

/** Bills from before their customer was forgotten say nothing any more. */
function newestOpened(open: readonly NamedBill[], vault: Services['vault']): string | undefined {
  for (const { bill } of open.toReversed()) {
    const text = bill.customer === undefined ? undefined : vault.open(bill.customer)
    if (text !== undefined) return text
  }
  return undefined
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `${[...word][0]!.toUpperCase()}.`)
    .join(' ')
