// Billers in tests: a merchant of electricity with a profile.
import type { BillProfile } from '../../src/domain/bills/biller.ts'
import { plainProfile } from '../domain/bills/samples.ts'
import { type Answer, eventually, openShop, type TestGateway } from './gateway.ts'

/** A biller whose customer codes are EVN's and whose bills are paid exactly, unless the profile says otherwise. */
export async function openBiller(
  gateway: Pick<TestGateway, 'call'>,
  profile: Partial<BillProfile> = {},
  merchant: object = {},
) {
  const electricity = { name: 'Điện lực', sector: 'electricity', ...merchant }
  const { merchantId: billerId, key, siteId } = await openShop(gateway, electricity)
  const body = { ...plainProfile, ...profile }
  const set = await gateway.call('PUT', `/v1/billers/${billerId}`, { key, body })
  if (set.status !== 200) throw new Error(`no profile: ${set.text}`)
  return { billerId, key, siteId, set }
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

/** A biller with one bill of 100,000 đồng. */
export async function openBill(gateway: Pick<TestGateway, 'call' | 'settled'>) {
  const biller = await openBiller(gateway)
  await uploadBills(gateway, biller.key, billFile(billRow('A', '100000')))
  await gateway.settled()
  const path = `/v1/bills?billerId=${biller.billerId}&customerCode=PD13000123456`
  const { data } = (await gateway.call('GET', path, { key: biller.key })).body
  return { ...biller, billId: data[0].id as string }
}

/** The same, paid by the sandbox's bank. */
export async function paidBill(gateway: Pick<TestGateway, 'call' | 'settled'>) {
  const bill = await openBill(gateway)
  const body = { billIds: [bill.billId] }
  const payment = (await gateway.call('POST', '/v1/bills/payments', { key: bill.key, body })).body
  await gateway.call('POST', '/v1/sandbox/pay', { body: { qrPayload: payment.qr.payload } })
  const read = () => gateway.call('GET', `/v1/bills/${bill.billId}`, { key: bill.key })
  await eventually('the bill is paid', async () => (await read()).body.status === 'paid')
  await gateway.settled()
  return { ...bill, paymentId: payment.id as string }
}
