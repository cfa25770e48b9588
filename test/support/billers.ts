// Billers in tests: a merchant of electricity with a profile.
import type { BillProfile } from '../../src/domain/bills/biller.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { type Answer, openShop, type TestGateway } from './gateway.ts'

/** A biller whose customer codes are EVN's and whose bills are paid exactly, unless the profile says otherwise. */
export async function openBiller(gateway: Pick<TestGateway, 'call'>, profile: Partial<BillProfile> = {}) {
  const { merchantId: billerId, key } = await openShop(gateway, { name: 'Điện lực', sector: 'electricity' })
  const body = { ...plainProfile, ...profile }
  const set = await gateway.call('PUT', `/v1/billers/${billerId}`, { key, body })
  if (set.status !== 200) throw new Error(`no profile: ${set.text}`)
  return { billerId, key, set }
}

const billHeader = 'billNumber,customerCode,amount,issuedOn,dueOn'
/** A row with the usual columns; `code`: EVN's of a customer. */
export const billRow = (billNumber: string, amount: string, code = 'PD13000123456'): string =>
  `${billNumber},${code},${amount},2026-11-05,2026-11-12`
export const billFile = (...rows: string[]): string => [billHeader, ...rows].join('\n')

export const uploadBills = (
  { call }: Pick<TestGateway, 'call'>,
  key: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call('POST', '/v1/bills', { key, body, headers: { 'content-type': 'text/csv', ...headers } })
