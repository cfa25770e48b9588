// What a first start in the sandbox sells: a supermarket, a petrol station, a vending machine and an electricity company.
import type { Metadata } from '../domain/core/eventStore.ts'
import type { Sector } from '../domain/merchants/sectors.ts'
import { type Intention, intentionOf } from './idempotency.ts'
import { registerMerchant } from './merchants.ts'
import type { Services } from './services.ts'
import { registerSite } from './sites.ts'

/** No bank has this number: a real bank app refuses the demo's codes, so nobody can lose money to them. */
const noBank = '970499'

const shops: readonly { name: string; sector: Sector; district: string; address: string }[] = [
  { name: 'Siêu thị Hồ Gươm', sector: 'supermarket', district: 'Hoàn Kiếm', address: '1 Đinh Tiên Hoàng' },
  { name: 'Xăng dầu Cầu Giấy', sector: 'petrol-station', district: 'Cầu Giấy', address: '120 Xuân Thủy' },
  { name: 'Máy bán hàng Bờ Hồ', sector: 'vending', district: 'Hoàn Kiếm', address: '7 Lê Thái Tổ' },
  { name: 'Điện lực Ba Đình', sector: 'electricity', district: 'Ba Đình', address: '69 Quán Thánh' },
]

export type DemoShop = {
  readonly name: string
  readonly sector: Sector
  readonly merchantId: string
  readonly siteId: string
  readonly apiKey: string
}

/** The demo merchants, each with a site and a key. Made once: asking again finds them, with the same keys. */
export async function openDemoShops(services: Services): Promise<readonly DemoShop[]> {
  const opened: DemoShop[] = []
  for (const [index, shop] of shops.entries()) opened.push(await openShop(shop, index, services))
  return opened
}

async function openShop(shop: (typeof shops)[number], index: number, services: Services): Promise<DemoShop> {
  const { name, sector, district, address } = shop
  const intention = demoIntention(`shop ${index}`, services)
  const settlementAccount = {
    bankBin: noBank,
    accountNumber: `000000000${index + 1}`,
    accountName: 'THU NGAN DEMO',
  }
  const { merchantId, apiKey } = await registerMerchant(
    {
      name,
      taxCode: `010000000${index + 1}`,
      sector,
      district,
      settlementAccount,
      latePolicy: { mode: 'hold' },
      feePlan: { rate: '0.5', fixed: '0' },
    },
    intention,
    metadataOf(intention),
    services,
  )
  const site = demoIntention(`site ${index}`, services)
  const { siteId } = await registerSite(
    merchantId,
    { name, sector, district, address },
    site,
    metadataOf(site),
    services,
  )
  return { name, sector, merchantId, siteId, apiKey }
}

const demoIntention = (key: string, services: Services): Intention =>
  intentionOf(key, undefined, 'demo', new Uint8Array(), services)

const metadataOf = ({ commandId, requestHash }: Intention): Metadata => ({
  actor: 'demo',
  ...(commandId && { commandId }),
  ...(requestHash && { requestHash }),
})
