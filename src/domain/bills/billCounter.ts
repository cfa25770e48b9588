// The site at which bills are paid that are paid at no counter of the biller: each biller has one, opened with the first such payment.
import { merchantCode } from '../core/ids.ts'
import type { Gateway } from '../gateway.ts'
import type { RegisteredMerchant } from '../merchants/merchant.ts'

export const billCounterId = (billerId: string): string => `sit_${merchantCode(billerId)}00000000`

/** Its id, once it is there. It counts as an acceptance point of the biller's sector and district. */
export async function openBillCounter(
  { sites }: Pick<Gateway, 'sites'>,
  billerId: string,
  { name, sector, district }: RegisteredMerchant,
  at: string,
): Promise<string> {
  const id = billCounterId(billerId)
  const { state } = await sites.load(id)
  if (state.status === 'registered') return id
  const data = { merchantId: billerId, name, sector, district, address: '', registeredAt: at }
  const outcome = await sites.handle(id, { type: 'RegisterSite', data }, { actor: 'bills' })
  if (!outcome.ok && outcome.rejection !== 'site_exists') throw new Error(`${id}: ${outcome.rejection}`)
  return id
}
