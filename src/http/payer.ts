// The payer of a notification: the account that money can go back to. Personal data, so the log holds a keyed hash of it only.
import { z } from '@hono/zod-openapi'
import type { BankAccount } from '../domain/payments/transferConnector.ts'
import { accountNumber, bankBin } from './schemas.ts'
import type { Services, Settings } from './services.ts'
import { parseJson } from './strictJson.ts'

/** Banks say of the payer what they like; only these two fields are looked at. */
const PayerAccount = z.object({ bankBin, accountNumber })
const Sealed = z.object({ payer: PayerAccount })

const hashLength = 22

export type PayerHashing = Pick<Services, 'crypto'> & { readonly settings: Pick<Settings, 'masterKey'> }

/** Equal for equal accounts, and tells nothing without the master key. Undefined where the bank names no account. */
export function payerHash(payer: unknown, { crypto, settings }: PayerHashing): string | undefined {
  const account = PayerAccount.safeParse(payer).data
  if (!account) return undefined
  const hash = crypto.hmac(settings.masterKey, 'payer\0', account.bankBin, '\0', account.accountNumber)
  return crypto.hash(hash).slice(0, hashLength)
}

/** The payer's account in a notification as it came. */
export function payerAccountIn(notification: string): BankAccount | undefined {
  const parsed = parseJson(new TextEncoder().encode(notification))
  return parsed.ok ? Sealed.safeParse(parsed.value).data?.payer : undefined
}
