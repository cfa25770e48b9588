// Money on a statement that nobody notified: taken as its notification would have been, so that one that comes later is a repeat.
import { formatMoney, fromData } from '../../domain/core/money.ts'
import { asQrPayment } from '../../domain/payments/payment.ts'
import { findNearReferences, paymentIdOf } from '../../domain/payments/reference.ts'
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import type { Services } from '../services.ts'
import { creditIdOf, originalOf, takeArrival } from '../takeNotification.ts'
import { binsOf } from './accountOf.ts'
import type { KeptLine } from './spoolStatement.ts'

const contentMax = 1_000
const nameMax = 100

/** Where the bank does not name it, the line itself does. */
const transactionOf = ({ bankReferences, id }: KeptLine): string =>
  (bankReferences[0] ?? id).slice(0, nameMax)

export const creditOfLine = (connectorId: string, line: KeptLine, { crypto }: Pick<Services, 'crypto'>) =>
  creditIdOf(connectorId, transactionOf(line), crypto)

/** Records it and finds its payment. Done again, it changes nothing. */
export async function takeLine(
  connectorId: string,
  account: BankAccount,
  line: KeptLine,
  services: Services,
): Promise<void> {
  const { amount, references } = line
  const content = line.text.slice(0, contentMax)
  const payer = payerOf(line)
  const said = {
    transactionId: transactionOf(line),
    ...account,
    ...(payer && { payer }),
    occurredAt: await momentOf(line, services),
  }
  const notification = { ...said, amount: formatMoney(fromData(amount)), currency: amount.currency, content }
  const original = originalOf(connectorId, new TextEncoder().encode(JSON.stringify(notification)), services)
  const nearReferences = references.length > 0 ? [] : findNearReferences(content)
  const arrival = { payer: undefined, ...said, amount, references, nearReferences }
  await takeArrival(connectorId, arrival, original, services)
}

/** Money can go back only to an account whose bank is known. */
function payerOf({ counterparty }: KeptLine): BankAccount | undefined {
  const [bankBin] = binsOf(counterparty?.bank)
  return counterparty && bankBin !== undefined
    ? { bankBin, accountNumber: counterparty.accountNumber }
    : undefined
}

/**
 * When it was paid. A bank that says only the day does not say that it was late: if the payment that the money names was
 * open at some time of these days, it counts as paid then.
 */
async function momentOf(
  line: KeptLine,
  { gateway, now }: Pick<Services, 'gateway' | 'now'>,
): Promise<string> {
  if (line.bookedAt !== undefined) return line.bookedAt
  const { begins, ends } = spanOf(line)
  const payment = await paymentNamed(line.references[0], gateway)
  if (payment && wasOpen(payment, line)) return payment.requestedAt > begins ? payment.requestedAt : begins
  const present = now().toISOString()
  return ends < present ? ends : present
}

/** Whether it names a payment that was open when it was booked, and is not paid yet. */
export async function isAwaited(line: KeptLine, { gateway }: Pick<Services, 'gateway'>): Promise<boolean> {
  if (line.direction !== 'credit' || line.reversal) return false
  for (const reference of line.references) {
    const payment = await paymentNamed(reference, gateway)
    if (!payment) continue
    if (payment.status === 'pending' || (payment.status === 'expired' && wasOpen(payment, line))) return true
  }
  return false
}

async function paymentNamed(reference: string | undefined, gateway: Services['gateway']) {
  return reference === undefined
    ? undefined
    : asQrPayment((await gateway.payments.load(paymentIdOf(reference))).state)
}

type Span = { readonly requestedAt: string; readonly expiresAt: string }
const wasOpen = ({ requestedAt, expiresAt }: Span, line: KeptLine): boolean => {
  const { begins, ends } = spanOf(line)
  return requestedAt <= ends && expiresAt >= begins
}

/** The instant of the booking, or all of the days that the bank says. */
function spanOf({ bookedAt, bookedOn, valueOn }: KeptLine): {
  readonly begins: string
  readonly ends: string
} {
  if (bookedAt !== undefined) return { begins: bookedAt, ends: bookedAt }
  const first = bookedOn < valueOn ? bookedOn : valueOn
  return { begins: instantOf(`${first}T00:00:00`), ends: instantOf(`${bookedOn}T23:59:59`) }
}

const instantOf = (vietnam: string): string => new Date(`${vietnam}+07:00`).toISOString()
