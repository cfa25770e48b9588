// A small city made by the API: shops over districts and sectors with places on the map, a registry, and a year of payments.
import { seeded } from '../simulation/random.ts'
import { ask, notificationFor, notify, openBank, operatorKey, type TestGateway } from './gateway.ts'
import { fileOf, upload } from './registry.ts'

const districts = [
  ['Hoàn Kiếm', 21.029, 105.852],
  ['Ba Đình', 21.034, 105.82],
  ['Đống Đa', 21.013, 105.826],
  ['Cầu Giấy', 21.03, 105.795],
  ['Hà Đông', 20.971, 105.777],
  ['Long Biên', 21.037, 105.89],
  ['Sóc Sơn', 21.257, 105.849],
] as const
const sectors = [
  'supermarket',
  'petrol-station',
  'electricity',
  'vending',
  'unattended-shop',
  'restaurant',
] as const

export type CitySite = {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly district: string
  readonly sells: boolean
}

/** Of two to three shops a district, every fifth sells nothing. Payments from December 2025 to 22 November 2026. */
export async function makeSmallCity(gateway: TestGateway, shops = 20): Promise<readonly CitySite[]> {
  const random = seeded(7)
  const bank = await openBank(gateway)
  const sites: (CitySite & { key: string })[] = []
  const rows: string[] = []
  gateway.clock.now = new Date('2025-12-01T03:00:00.000Z')
  for (let n = 0; n < shops; n++) {
    const [district, lat, lng] = districts[n % districts.length]!
    const sector = sectors[n % sectors.length]!
    const [name, taxCode, licenseNumber] = [`Cửa hàng ${n + 1}`, `01${String(n).padStart(8, '0')}`, `HN-${n}`]
    const settlementAccount = { bankBin: '970422', accountNumber: `01234567${n}`, accountName: 'CUA HANG' }
    const merchant = await gateway.call('POST', '/v1/merchants', {
      key: operatorKey,
      body: { name, taxCode, sector, district, settlementAccount },
    })
    const key: string = merchant.body.apiKey
    const location = { lat: lat + random.below(100) / 10_000, lng: lng + random.below(100) / 10_000 }
    const body = { name, sector, district, address: `${n + 1} Phố Huế`, licenseNumber, location }
    const site = await gateway.call('POST', '/v1/sites', { key, body })
    sites.push({ id: site.body.id, name, sector, district, sells: n % 5 !== 4, key })
    rows.push(`${licenseNumber},${name},${taxCode},${sector},${district},2015-01-01,`)
  }
  rows.push('HN-X,Không nhận thẻ,0199999999,supermarket,Ba Vì,2015-01-01,')
  await upload(gateway, fileOf(...rows))
  for (let month = 0; month < 12; month++) {
    gateway.clock.now = new Date(Date.UTC(2025, 11 + month, 22, 3))
    for (const [n, site] of sites.entries()) {
      if (!site.sells) continue
      const shop = { key: site.key, siteId: site.id, merchantId: '' }
      const amount = String(20_000 * (1 + random.below(20 + month * 5)))
      if (n % 3 === 0) await ask(gateway, shop, { method: 'card', card: { token: 'tok_approve' }, amount })
      else {
        const payment = await ask(gateway, shop, { amount })
        const accountNumber = `01234567${n}`
        const told = notificationFor(payment, `${month}-${n}`, gateway.clock.now, { accountNumber })
        const answer = await notify(gateway, bank, told)
        if (answer.body.outcome !== 'applied') throw new Error(`not paid: ${answer.text}`)
      }
    }
  }
  await gateway.settled()
  return sites.map(({ key: _, ...site }) => site)
}
