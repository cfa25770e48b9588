// Asks for payouts of money that came back, or that had no account to go to: on the next banking day, as things stand now.
import { addDays, businessDate } from '../core/businessDay.ts'
import type { Gateway } from '../gateway.ts'
import { payoutTermsOf } from '../merchants/merchant.ts'
import { bankingDayFrom } from './bankCalendar.ts'

export type PayAgainPorts = Pick<Gateway, 'settlements' | 'merchants'> & { readonly now: () => Date }
export type PayUnpaidPorts = PayAgainPorts & {
  /** Ids of settlements with money that waits, in order, after an id. */
  readonly unpaidSettlements: (after: string, limit: number) => Promise<readonly string[]>
}

const pageSize = 100

/** Where there is no account, or two payouts to it came back, the money waits. */
export async function payAgain(
  settlementId: string,
  { settlements, merchants, now }: PayAgainPorts,
): Promise<void> {
  const { state } = await settlements.load(settlementId)
  if (state.status === 'new') return
  const { account } = payoutTermsOf((await merchants.load(state.merchantId)).state)
  if (!account) return
  const at = now().toISOString()
  const valueDate = bankingDayFrom(addDays(businessDate(at), 1))
  const command = { type: 'RequestPayout', data: { account, valueDate, at } } as const
  await settlements.handle(settlementId, command, { actor: 'settlementRun' })
}

export async function payUnpaid(ports: PayUnpaidPorts, signal: AbortSignal): Promise<void> {
  for (let after = ''; !signal.aborted; ) {
    const ids = await ports.unpaidSettlements(after, pageSize)
    for (const id of ids) await payAgain(id, ports)
    if (ids.length < pageSize) return
    after = ids.at(-1)!
  }
}
