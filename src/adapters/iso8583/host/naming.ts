// How a till's messages name a payment: by terminal, day and trace number (STAN), or by the retrieval reference (DE37) that it was answered.
import { base32, isBase32 } from '../../../domain/core/base32.ts'
import { asCardPayment } from '../../../domain/payments/payment.ts'
import { paymentIdByRetrieval } from '../../../domain/payments/reference.ts'
import type { OpenedCardPayment } from '../../../domain/pos/cardPaymentState.ts'
import type { Fields } from '../message.ts'
import { readOriginalData } from '../subelements.ts'
import type { HostPorts, Till } from './ports.ts'

export const retrievalLength = 12

/** One transaction of a till: the day and the trace number that every message about it repeats. */
export type TillTrace = { readonly day: string; readonly stan: string }

const yearMs = 365.25 * 86_400_000

/** The day that MMDD means, in the year that brings it nearest to now: YYYYMMDD. Undefined where there is no such day. */
function dayOf(monthAndDay: string, now: Date): string | undefined {
  const near = [-1, 0, 1]
    .map((years) => `${now.getUTCFullYear() + years}-${monthAndDay.slice(0, 2)}-${monthAndDay.slice(2)}`)
    .find((day) => isDay(day) && Math.abs(noonOf(day) - now.getTime()) < yearMs / 2)
  return near?.replaceAll('-', '')
}

const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`)

/** 31 February is read as 3 March: only what is written as it was read is a day. */
function isDay(day: string): boolean {
  const noon = noonOf(day)
  return !Number.isNaN(noon) && new Date(noon).toISOString().startsWith(day)
}

/**
 * By DE7 (UTC) or, where a till sends none, DE13 (its own date). Undefined where that is not right, or both are missing: a
 * message that came again after midnight could not be known.
 */
export function traceIn({ 7: sentAt, 11: stan, 13: localDate }: Fields, now: Date): TillTrace | undefined {
  const date = sentAt?.slice(0, 4) ?? localDate
  const day = date && dayOf(date, now)
  return day && stan ? { day, stan } : undefined
}

/** The transaction that a message is about: in DE90, or, where it has none, its own. */
export function originalIn(fields: Fields, now: Date): TillTrace | undefined {
  const own = traceIn(fields, now)
  if (fields[90] === undefined) return own
  const original = readOriginalData(fields[90])
  if ('code' in original) return undefined
  const day = /^0+$/.test(original.transmittedAt) ? own?.day : dayOf(original.transmittedAt.slice(0, 4), now)
  return day === undefined ? undefined : { day, stan: original.stan }
}

/** A repeat of the message makes the same id, so the store itself knows it. */
export const paymentIdOf = (
  { id, terminal }: Till,
  { day, stan }: TillTrace,
  { derive }: Pick<HostPorts, 'derive'>,
): string =>
  paymentIdByRetrieval(
    terminal.merchantId,
    base32(derive('till transaction', id, day, stan), retrievalLength),
  )

export type Named = { readonly paymentId: string; readonly payment: OpenedCardPayment | undefined }
type Ports = Pick<HostPorts, 'payments' | 'derive' | 'now'>

/**
 * The payment by card that a message is about: that of DE90, and then of no other; else that of DE37, which some tills
 * fill with words of their own; else the one of the message's own trace number. Where there is none, the id it would
 * have; undefined where the message does not say.
 */
export async function paymentNamed(fields: Fields, till: Till, ports: Ports): Promise<Named | undefined> {
  const original = originalIn(fields, ports.now())
  const found = fields[90] === undefined ? await referredTo(fields, till, ports) : undefined
  if (found || !original) return found
  const paymentId = paymentIdOf(till, original, ports)
  return { paymentId, payment: await cardPayment(paymentId, ports) }
}

/** The payment that DE90 or DE37 names, where there is one. */
export async function referredTo(
  { 37: retrieval, ...fields }: Fields,
  till: Till,
  ports: Ports,
): Promise<(Named & { readonly payment: OpenedCardPayment }) | undefined> {
  const original = fields[90] === undefined ? undefined : originalIn(fields, ports.now())
  const byOriginal = original && paymentIdOf(till, original, ports)
  const ours = retrieval !== undefined && retrieval.length === retrievalLength && isBase32(retrieval)
  const byRetrieval = ours ? paymentIdByRetrieval(till.terminal.merchantId, retrieval) : undefined
  for (const paymentId of [byOriginal, byRetrieval]) {
    const payment = paymentId && (await cardPayment(paymentId, ports))
    if (payment) return { paymentId, payment }
  }
  return undefined
}

const cardPayment = async (paymentId: string, { payments }: Ports): Promise<OpenedCardPayment | undefined> =>
  asCardPayment((await payments.load(paymentId)).state)
