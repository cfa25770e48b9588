// Shapes on the wire that several resources share. They describe the API, not the domain.
import { z } from '@hono/zod-openapi'
import { type IdPrefix, isId } from '../domain/core/ids.ts'
import { type Money, parseMoney } from '../domain/core/money.ts'
import { sectors } from '../domain/merchants/sectors.ts'
import { isReference, referenceOf } from '../domain/payments/reference.ts'
import { holdsPan } from '../domain/pos/cardDataGuard.ts'
import { invalid } from './problem.ts'

/** Control characters and marks that turn the direction of text: they hide what a text says, on a till and in a QR. */
const hidden = /[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/u

/** Text that shows all it says, up to `max` characters; may be empty. It is kept for ever, so a card number has no place in it. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !hidden.test(value), 'Control and direction characters are not allowed.')
    .refine((value) => !holdsPan(value), 'This holds what looks like a card number: take it out.')

export const text = (max: number) => plainText(max).min(1)

export const id = (prefix: IdPrefix, example: string) =>
  z
    .string()
    .refine((value) => isId(prefix, value), `Not an id of this kind (${prefix}_...).`)
    .openapi({ example })

export const establishmentIdExample = 'est_7K3MA9QZXW4F2P8R607K3MA9QZ'

export const paymentId = id('pay', 'pay_7K3MA9QZXW4F2P8R60').refine(
  (value) => isReference(referenceOf(value)),
  'The check character is wrong.',
)

/** A decimal string in major units; which decimals fit depends on the currency, see `readMoney`. */
export const amount = z
  .string('Send the amount as a decimal string, e.g. "125000".')
  .openapi({ example: '125000' })
export const currency = z.string().length(3).openapi({ example: 'VND' })

export const sector = z.enum(sectors)
export const instant = z.iso.datetime({ offset: true }).openapi({ example: '2026-11-22T08:30:00Z' })
export const bankBin = z.string().regex(/^\d{6}$/, 'Six digits, as in the bank list.')
export const accountNumber = z.string().regex(/^[0-9A-Za-z]{1,19}$/, '1 to 19 letters and digits.')

export const taxCode = z
  .string()
  .regex(
    /^(\d{10}(-?\d{3})?|\d{12})$/,
    'Ten digits, three more for a branch, or the twelve of a personal number (household businesses).',
  )

const moneyFaults = {
  amount_malformed: 'Digits, with a point before decimals: no sign, exponent, space or leading zero.',
  amount_decimals: 'More decimals than the currency has.',
  amount_zero: 'The amount must be more than zero.',
  amount_too_long: 'At most 15 digits.',
  currency_unknown: 'Not a currency that is taken here.',
} as const

/** The money that two fields of a body name, or the problem that says which of them is wrong. `at`: where the amount stands. */
export function readMoney(body: { amount: string; currency: string }, at = '/amount'): Money {
  const read = parseMoney(body.amount, body.currency)
  if (typeof read !== 'string') return read
  const pointer = read === 'currency_unknown' ? '/currency' : at
  throw invalid({ pointer, detail: moneyFaults[read], code: read })
}

/** Page parameters of every list: `limit` up to 200, `cursor` from the answer before. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(
      /^[-\d]{10}T[:.\d]{12}Z_[a-z]{3}_[0-9A-Z]{1,26}(-\d{1,9})?$/,
      'Take it from "nextCursor" of the page before.',
    )
    .optional(),
}

/** The same for lists in the order of their ids. */
export const idPageQuery = (prefix: IdPrefix, example: string) => ({
  ...pageQuery,
  cursor: id(prefix, example).optional(),
})

export const page = <S extends z.ZodType>(item: S) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() })

/** The ETag of a stream at a version. */
export const etag = (version: number): string => `"${version}"`
