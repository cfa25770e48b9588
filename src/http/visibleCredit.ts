// Which credits a caller may see, and whose money it may move: the account that it came to decides.
import type { ReceivedCredit } from '../domain/payments/credit.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

type Visible = { readonly state: ReceivedCredit; readonly version: number; readonly own: boolean }

/** The credit, if the caller may see it. `own`: it is the operator, or the money is on its account. */
export async function visibleCredit(
  creditId: string,
  { merchantId }: Caller,
  { gateway }: Services,
): Promise<Visible> {
  const { state, version } = await gateway.credits.load(creditId)
  if (state.status === 'new' || state.reason === undefined) throw new Problem('not_found')
  if (merchantId === undefined) return { state, version, own: true }
  const { state: merchant } = await gateway.merchants.load(merchantId)
  const account = merchant.status === 'new' ? undefined : merchant.settlementAccount
  const own = account?.bankBin === state.bankBin && account.accountNumber === state.accountNumber
  if (!own && state.merchantId !== merchantId) throw new Problem('not_found')
  return { state, version, own }
}

/** The credit, if the caller may send its money somewhere. */
export async function ownCredit(creditId: string, caller: Caller, services: Services): Promise<Visible> {
  const credit = await visibleCredit(creditId, caller, services)
  if (!credit.own) throw new Problem('credit_elsewhere')
  return credit
}
