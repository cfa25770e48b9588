// What a notification says, whoever sent it: read from its bytes alone, so that it can be read again at any time.
import { z } from '@hono/zod-openapi'
import type { ConnectorKind } from '../domain/connectors/connector.ts'
import type { Arrived, Callback, Tools } from '../domain/connectors/provider.ts'
import { isProviderKind, type ProviderKind, providers } from '../domain/connectors/providers.ts'
import { type MoneyData, toData } from '../domain/core/money.ts'
import { findNearReferences, findReferences } from '../domain/payments/reference.ts'
import { checkJson } from './endpoint.ts'
import { Problem } from './problem.ts'
import { accountNumber, amount, bankBin, currency, instant, readMoney } from './schemas.ts'
import { parseJson } from './strictJson.ts'

/** Banks add fields without asking: what is not known here is kept in the sealed original and otherwise left alone. */
export const NotificationBody = z
  .object({
    transactionId: z
      .string()
      .min(1)
      .max(100)
      .refine((value) => value.isWellFormed(), 'Half a surrogate pair names nothing.'),
    bankBin,
    accountNumber,
    amount,
    currency,
    content: z.string().max(1000),
    payer: z
      .unknown()
      .optional()
      .openapi({ description: 'Whatever the bank says of the payer; kept sealed.' }),
    occurredAt: instant,
  })
  .loose()
export type Notification = z.output<typeof NotificationBody>

/** Money that a notification says has arrived, as a credit holds it. */
export type Arrival = {
  readonly transactionId: string
  readonly bankBin: string
  readonly accountNumber: string
  readonly amount: MoneyData
  readonly references: readonly string[]
  /** What looks like a mistyped reference, where there is no right one. */
  readonly nearReferences: readonly string[]
  /** Whatever was said of the payer: personal data. */
  readonly payer: unknown
  readonly occurredAt: string | undefined
}

export type Reading =
  | { readonly read: 'paid'; readonly arrival: Arrival }
  | { readonly read: 'declined'; readonly code: string }
  | { readonly read: 'unreadable'; readonly code: string; readonly problem: Problem }

const json = 'application/json'

/** Reads a notification's bytes. Of those whose signature is not known to be right, believe nothing. */
export function readNotification(
  kind: ConnectorKind,
  raw: Uint8Array,
  tools: Tools,
  contentType: string | undefined = json,
): Reading {
  if (!isProviderKind(kind)) return readOfBank(raw, contentType)
  const callback = callbackOf(kind, raw)
  return callback ? readOfProvider(kind, callback, tools) : unreadable('malformed')
}

function readOfBank(raw: Uint8Array, contentType: string | undefined): Reading {
  try {
    const notification = checkJson(raw, NotificationBody, contentType)
    const { transactionId, bankBin, accountNumber, content, payer, occurredAt } = notification
    const references = findReferences(content)
    const arrival = {
      transactionId,
      bankBin,
      accountNumber,
      amount: toData(readMoney(notification)),
      references,
      nearReferences: references.length > 0 ? [] : findNearReferences(content),
      payer,
      occurredAt: new Date(occurredAt).toISOString(),
    }
    return { read: 'paid', arrival }
  } catch (error) {
    if (error instanceof Problem) return { read: 'unreadable', code: error.code, problem: error }
    throw error
  }
}

export function readOfProvider(kind: ProviderKind, callback: Callback, tools: Tools): Reading {
  const reading = providers[kind].read(callback, tools)
  if (reading.read === 'unreadable') return unreadable(reading.code)
  return reading.read === 'paid' ? { read: 'paid', arrival: arrivalOf(reading.arrived) } : reading
}

/** A provider keeps the account, so there is no number of a bank to compare: the connector is. */
const arrivalOf = ({ amount, ...arrived }: Arrived): Arrival => ({
  ...arrived,
  nearReferences: [],
  payer: undefined,
  bankBin: '',
  accountNumber: '',
  amount: { amount, currency: 'VND' },
})

const unreadable = (code: string): Reading => ({
  read: 'unreadable',
  code,
  problem: new Problem('notification_unreadable', { errors: [{ pointer: '', detail: code, code }] }),
})

/** A callback's fields: of the query VNPAY sends, or of a JSON body. Undefined where they have not one meaning only. */
export const callbackOf = (kind: ProviderKind, raw: Uint8Array): Callback | undefined =>
  kind === 'vnpay' ? readQuery(new TextDecoder().decode(raw)) : readObject(raw)

export function readObject(bytes: Uint8Array): Callback | undefined {
  const parsed = parseJson(bytes)
  const isObject = parsed.ok && typeof parsed.value === 'object' && !Array.isArray(parsed.value)
  return isObject ? ((parsed.value as Callback | null) ?? undefined) : undefined
}

/** A parameter that stands twice could mean either. */
function readQuery(text: string): Callback | undefined {
  const pairs = [...new URLSearchParams(text)]
  const fields = Object.fromEntries(pairs)
  return Object.keys(fields).length === pairs.length ? fields : undefined
}
