// Billers in tests: a merchant of electricity with a profile.
import type { BillProfile } from '../../src/domain/bills/biller.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { openShop, type TestGateway } from './gateway.ts'

/** A biller whose customer codes are EVN's and whose bills are paid exactly, unless the profile says otherwise. */
export async function openBiller(gateway: Pick<TestGateway, 'call'>, profile: Partial<BillProfile> = {}) {
  const { merchantId: billerId, key } = await openShop(gateway, { name: 'Điện lực', sector: 'electricity' })
  const body = { ...plainProfile, ...profile }
  const set = await gateway.call('PUT', `/v1/billers/${billerId}`, { key, body })
  if (set.status !== 200) throw new Error(`no profile: ${set.text}`)
  return { billerId, key, set }
}
