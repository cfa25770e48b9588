// POST /v1/bills/payments: one payment for one or several bills of a customer; whoever takes it, the money is the biller's.
import { z } from '@hono/zod-openapi'
import { openBillCounter } from '../domain/bills/billCounter.ts'
import type { BillProfile } from '../domain/bills/biller.ts'
import { profileOf } from '../domain/bills/billerProfile.ts'
import { amountFault, dueOf, type OrderFault, type OwedBill } from '../domain/bills/billOrder.ts'
import { quoteBills, requestBillPayment } from '../domain/bills/billPaymentRequest.ts'
import { type LockRefusal, lockAndRequest } from '../domain/bills/lockBills.ts'
import { loadBills, type NamedBill, owedBills } from '../domain/bills/owedBills.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { isZero, type Money } from '../domain/core/money.ts'
import type { RegisteredMerchant } from '../domain/merchants/merchant.ts'
import { derivedReference, newReference, paymentIdOf } from '../domain/payments/reference.ts'
import { guessLimiter } from '../domain/pos/guesses.ts'
import type { Caller } from './auth.ts'
import { type Endpoint, endpoint, type Reply } from './endpoint.ts'
import type { Intention } from './idempotency.ts'
import { accepted, existing, reply } from './outcome.ts'
import { metadata, PaymentView, paymentViewOf } from './paymentView.ts'
import { invalid, Problem, type ProblemCode } from './problem.ts'
import { amount, currency, id, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'
import { expectTransferable } from './transferable.ts'

const billsMax = 20
/** Bills that do not exist, a minute: who tries one after the other finds out little. */
const guessesMax = 30

const Body = z.strictObject({
  billIds: z
    .array(id('bil', 'bil_7K3MA9QZXW4F2P8R607K3MA9QZ'))
    .min(1)
    .max(billsMax)
    .refine((ids) => new Set(ids).size === ids.length, 'Each bill once.'),
  amount: amount.optional().openapi({ description: 'What is to be paid; all that is due, unless said' }),
  currency: currency.default('VND'),
  siteId: id('sit', 'sit_7K3MA9QZXW4F2')
    .optional()
    .openapi({ description: 'Where a biller takes it itself' }),
  expiresInSeconds: z.int().min(1).max(86_400).default(900),
  orderId: text(60).optional(),
  metadata: metadata.optional(),
})
type Body = z.output<typeof Body>

/** One for each gateway: it remembers who guessed how often. */
export function payBillsEndpoint(): Endpoint {
  const guesses = guessLimiter(guessesMax)
  return endpoint({
    method: 'post',
    path: '/v1/bills/payments',
    summary: 'Ask for the payment of bills',
    tag: 'Bills',
    access: ['merchant', 'terminal'],
    body: Body,
    reply: {
      status: 201,
      description: 'The payment, pending, with its QR: once it is paid, the bills are',
      schema: PaymentView,
    },
    problems: [
      'bill_paid',
      'bill_canceled',
      'bill_superseded',
      'bill_payment_pending',
      'bill_amount_not_allowed',
      'bill_partial_not_allowed',
      'bill_amount_out_of_range',
      'bill_amount_not_a_multiple',
      'too_many_guesses',
    ],
    run: async ({ body, caller, metadata, ...intention }, services) => {
      const { keyId } = caller!
      const wait = guesses.begin(keyId, services.now().getTime())
      if (wait !== undefined)
        throw new Problem('too_many_guesses', { headers: { 'retry-after': String(wait) } })
      const named = found(await loadBills(services.gateway, body.billIds))
      guesses.right(keyId)
      return requestBills(body, named, caller!, intention, metadata, services)
    },
  })
}

/** Asks for the payment of bills in the name of a caller: the biller, or whoever takes it for the biller. */
export async function requestBills(
  body: Body,
  named: readonly NamedBill[],
  caller: Caller,
  { chance, commandId }: Intention,
  metadata: Metadata,
  services: Services,
): Promise<Reply> {
  const { gateway, now, settings } = services
  const at = now()
  const { billerId, customerCode } = oneCustomer(named)
  const reference = commandId ? derivedReference(billerId, chance) : newReference(billerId, at, chance)
  const paymentId = paymentIdOf(reference)
  const asked = { body, named, billerId, customerCode, reference, at }
  const outcome =
    (await gateway.payments.answered(paymentId, metadata)) ?? (await ask(asked, caller, metadata, services))
  if ('refusal' in outcome) throw lockProblem(outcome, body.billIds)
  const { state, ...done } = accepted(outcome)
  return reply(201, paymentViewOf(paymentId, existing(state), settings.publicUrl), done)
}

function found(loaded: readonly (NamedBill | undefined)[]): readonly NamedBill[] {
  const errors = loaded.flatMap((bill, at) =>
    bill ? [] : [{ pointer: `/billIds/${at}`, detail: 'There is no such bill.' }],
  )
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return loaded as readonly NamedBill[]
}

function oneCustomer(named: readonly NamedBill[]): { billerId: string; customerCode: string } {
  const { billerId, customerCode } = named[0]!.bill
  const other = named.findIndex(
    ({ bill }) => bill.billerId !== billerId || bill.customerCode !== customerCode,
  )
  if (other > 0)
    throw invalid({ pointer: `/billIds/${other}`, detail: 'Of another customer: pay those separately.' })
  return { billerId, customerCode }
}

type Asked = {
  readonly body: Body
  readonly named: readonly NamedBill[]
  readonly billerId: string
  readonly customerCode: string
  readonly reference: string
  readonly at: Date
}

async function ask(
  { body, named, billerId, customerCode, reference, at }: Asked,
  caller: Caller,
  metadata: Metadata,
  services: Services,
) {
  const { gateway } = services
  const instant = at.toISOString()
  const biller = await profileOf(gateway, billerId)
  const { state: merchant } = await gateway.merchants.load(billerId)
  if (!biller || merchant.status === 'new') throw new Error(`bills of an unknown biller ${billerId}`)
  const { profile } = biller
  const closed = named.findIndex(({ bill }) => bill.status !== 'open')
  if (closed >= 0) throw closedProblem(named[closed]!, closed)
  const bills = owedBills(named, profile, instant)
  const money = moneyOf(body, bills, profile)
  const quoted = await services.fees.termsFor({ ...merchant, merchantId: billerId }, 'qr', money.currency)
  const quote = quoteBills({ customerCode, bills, money, at: instant, mayCharge: true }, profile, quoted)
  const place = await placeOf(body, caller, billerId, merchant, instant, services)
  const request = requestBillPayment({
    ...quote,
    ...place,
    billerId,
    merchant,
    reference,
    ...(body.orderId !== undefined && { orderId: body.orderId }),
    ...(body.metadata && { metadata: body.metadata }),
    returnsExcess: profile.overpayment === 'returned',
    at,
    expiresAt: new Date(at.getTime() + body.expiresInSeconds * 1000),
  })
  return lockAndRequest(gateway, paymentIdOf(reference), request, metadata)
}

/** What is due, or what the caller says, as far as the biller's rules allow it. */
function moneyOf(body: Body, bills: readonly OwedBill[], profile: BillProfile): Money {
  const dueNow = dueOf(bills)
  const money =
    body.amount === undefined ? dueNow : readMoney({ amount: body.amount, currency: body.currency })
  expectTransferable(money)
  const fault = amountFault(money, dueNow, profile)
  if (fault) throw amountProblem(fault, dueNow, profile)
  if (isZero(money)) throw new Problem('bill_paid')
  return money
}

function amountProblem(fault: OrderFault, { minor }: Money, { amountRule }: BillProfile): Problem {
  const range = amountRule.exactness === 'RANGE' ? amountRule : undefined
  const detail = {
    bill_amount_not_allowed: `Due is ${minor} VND, and the biller takes ${amountRule.exactness}.`,
    bill_partial_not_allowed: `Due is ${minor} VND, and the biller takes no part of it.`,
    bill_amount_out_of_range: `The biller takes ${range?.min} to ${range?.max} VND.`,
    bill_amount_not_a_multiple: `The biller takes multiples of ${range?.multiple} VND.`,
  }[fault]
  return new Problem(fault, { errors: [{ pointer: '/amount', detail }] })
}

const closedCodes = {
  paid: 'bill_paid',
  canceled: 'bill_canceled',
  superseded: 'bill_superseded',
} as const satisfies Record<string, ProblemCode>

function closedProblem({ bill }: NamedBill, at: number): Problem {
  const { status, supersededBy } = bill
  if (status === 'open') throw new Error('an open bill is none that is closed')
  const detail = supersededBy === undefined ? `It is ${status}.` : `${supersededBy} stands for it now.`
  return new Problem(closedCodes[status], { errors: [{ pointer: `/billIds/${at}`, detail }] })
}

function lockProblem({ billId, refusal }: LockRefusal, billIds: readonly string[]): Problem {
  const pointer = `/billIds/${billIds.indexOf(billId)}`
  return new Problem(refusal, { errors: [{ pointer, detail: 'This bill cannot be paid now.' }] })
}

/** At a counter of the biller's, or at its bill counter; through whom, where another merchant takes it. */
async function placeOf(
  { siteId }: Body,
  { merchantId, terminalId }: Caller,
  billerId: string,
  merchant: RegisteredMerchant,
  at: string,
  { gateway }: Services,
) {
  if (siteId === undefined && merchantId === billerId && terminalId !== undefined)
    return { siteId: await siteOf(terminalId, gateway), terminalId }
  if (siteId !== undefined) {
    const { state: site } = await gateway.sites.load(siteId)
    if (site.status === 'new' || site.merchantId !== billerId || merchantId !== billerId)
      throw invalid({ pointer: '/siteId', detail: 'Not a site of the biller that asks.' })
    return { siteId }
  }
  const counter = { siteId: await openBillCounter(gateway, billerId, merchant, at) }
  if (merchantId === billerId) return counter
  return { ...counter, agent: { merchantId: merchantId!, ...(terminalId !== undefined && { terminalId }) } }
}

async function siteOf(terminalId: string, { terminals }: Services['gateway']): Promise<string> {
  const { state } = await terminals.load(terminalId)
  if (state.status === 'new') throw new Error(`key of an unknown terminal ${terminalId}`)
  return state.siteId
}
