// What a first start in the sandbox sells: a supermarket, a petrol station, a vending machine and an electricity company.
import { sendsBills } from '../domain/bills/biller.ts'
import { base32Bytes } from '../domain/core/base32.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import type { Sector } from '../domain/merchants/sectors.ts'
import { openDemoBills } from './demoBills.ts'
import { type Intention, intentionOf } from './idempotency.ts'
import { registerMerchant } from './merchants.ts'
import type { Services } from './services.ts'
import { registerSite } from './sites.ts'
import { activateTerminal, registerTerminal } from './terminals.ts'

/** No bank has this number: a real bank app refuses the demo's codes, so nobody can lose money to them. */
const noBank = '970499'

/** What is written into ids in the place of chance. */
type Names = Readonly<Record<string, string>>

/** The ids of the shop with a till, the same on every machine, so that the examples of docs/tills.md work when pasted. */
const names: Names = { merchant: 'DEM0S', site: '0000SH0P', terminal: 'DEM0T111' }

type Shop = {
  readonly name: string
  readonly sector: Sector
  readonly district: string
  readonly address: string
  readonly location: { readonly lat: number; readonly lng: number }
  readonly names?: Names
}

const shops: readonly Shop[] = [
  {
    name: 'Siêu thị Hồ Gươm',
    sector: 'supermarket',
    district: 'Hoàn Kiếm',
    address: '1 Đinh Tiên Hoàng',
    location: { lat: 21.0305, lng: 105.8535 },
    names,
  },
  {
    name: 'Xăng dầu Cầu Giấy',
    sector: 'petrol-station',
    district: 'Cầu Giấy',
    address: '120 Xuân Thủy',
    location: { lat: 21.0366, lng: 105.784 },
  },
  {
    name: 'Máy bán hàng Bờ Hồ',
    sector: 'vending',
    district: 'Hoàn Kiếm',
    address: '7 Lê Thái Tổ',
    location: { lat: 21.0299, lng: 105.8509 },
  },
  {
    name: 'Điện lực Ba Đình',
    sector: 'electricity',
    district: 'Ba Đình',
    address: '69 Quán Thánh',
    location: { lat: 21.0413, lng: 105.8427 },
  },
]

export type DemoShop = {
  readonly name: string
  readonly sector: Sector
  readonly merchantId: string
  readonly siteId: string
  readonly apiKey: string
  /** An activated till, as ISO 8583 names it. */
  readonly till?: { readonly terminalId: string; readonly cardAcceptorId: string }
}

/** The demo merchants, each with a site and a key. Made once: asking again finds them, with the same keys. */
export async function openDemoShops(services: Services): Promise<readonly DemoShop[]> {
  const opened: DemoShop[] = []
  for (const [index, shop] of shops.entries()) opened.push(await openShop(shop, index, services))
  return opened
}

async function openShop(shop: Shop, index: number, services: Services): Promise<DemoShop> {
  const { name, sector, district, address, location, names } = shop
  const intention = demoIntention(`shop ${index}`, services, names)
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
  const site = demoIntention(`site ${index}`, services, names)
  const { siteId } = await registerSite(
    merchantId,
    { name, sector, district, address, location },
    site,
    metadataOf(site),
    services,
  )
  if (sendsBills(sector)) await openDemoBills(merchantId, services)
  const till = names && (await openTill(merchantId, siteId, services, names))
  return { name, sector, merchantId, siteId, apiKey, ...(till && { till }) }
}

async function openTill(merchantId: string, siteId: string, services: Services, names: Names) {
  const registering = demoIntention('till', services, names)
  const { state, activationCode } = await registerTerminal(
    merchantId,
    { siteId, kind: 'pos', serialNumber: 'DEMO-1' },
    registering,
    metadataOf(registering),
    services,
  )
  const activating = demoIntention('till activation', services)
  await activateTerminal(activationCode, activating, metadataOf(activating), {}, services)
  const { terminalId, cardAcceptorId } = state
  return { terminalId, cardAcceptorId }
}

function demoIntention(key: string, services: Services, names: Names = {}): Intention {
  const intention = intentionOf(key, undefined, 'demo', new Uint8Array(), services)
  const chance: Intention['chance'] = (purpose, size) =>
    Object.hasOwn(names, purpose) ? base32Bytes(names[purpose]!) : intention.chance(purpose, size)
  return { ...intention, chance }
}

const metadataOf = ({ commandId, requestHash }: Intention): Metadata => ({
  actor: 'demo',
  ...(commandId && { commandId }),
  ...(requestHash && { requestHash }),
})
