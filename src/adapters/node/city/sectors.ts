// What the seeded city has of each sector: how many, how they are owned, how they take up cashless payment, what is sold there.
import type { Sector, TerminalKind } from '../../../domain/merchants/sectors.ts'

export type SectorProfile = {
  readonly sector: Sector
  readonly name: string
  /** Of `cityEstablishments`. */
  readonly count: number
  /** How many of one owner there are. */
  readonly chain: number
  /** Share that takes cashless payment when the first year begins, when it ends, and when the second ends. */
  readonly adoption: readonly [start: number, first: number, second: number]
  /** Payments at one beside those at others. */
  readonly weight: number
  /** Typical sale, VND. */
  readonly ticket: number
  /** Terminals at one; none: a QR made by its till. */
  readonly terminals: readonly TerminalKind[]
  /** How many of a hundred sales are by card, where there is a terminal that takes cards. */
  readonly cardPercent: number
}

/** Made up, but of the size that Hanoi has: some 140 supermarkets, 450 markets, 480 petrol stations. */
export const sectorProfiles: readonly SectorProfile[] = [
  of('supermarket', 'Siêu thị', 140, 6, [0.4, 0.92, 0.98], 12, 320_000, ['pos', 'pos', 'pos'], 65),
  of(
    'shopping-centre',
    'Trung tâm thương mại',
    25,
    1,
    [0.6, 0.95, 1],
    25,
    650_000,
    ['pos', 'pos', 'pos', 'pos'],
    70,
  ),
  of('modern-distribution', 'Cửa hàng tiện ích', 420, 14, [0.4, 0.9, 0.97], 4, 180_000, ['pos'], 50),
  of('convenience', 'Cửa hàng 24 giờ', 1_300, 20, [0.25, 0.5, 0.7], 3, 60_000, ['pos'], 35),
  of('petrol-station', 'Cửa hàng xăng dầu', 480, 8, [0.3, 0.65, 0.94], 5, 90_000, ['pos', 'pump'], 45),
  of('unattended-shop', 'Cửa hàng không người bán', 30, 5, [1, 1, 1], 2, 45_000, ['kiosk'], 0),
  of('vending', 'Máy bán hàng', 350, 35, [0.2, 0.6, 0.9], 1, 15_000, ['vending'], 0),
  of('market', 'Chợ', 450, 1, [0.03, 0.12, 0.3], 1, 70_000, ['qr-display'], 0),
  of('restaurant', 'Nhà hàng', 4_200, 1, [0.12, 0.25, 0.42], 1, 240_000, ['pos'], 55),
  of('electricity', 'Điện lực', 32, 32, [0.5, 0.95, 1], 30, 550_000, [], 0),
  of('water', 'Nước sạch', 18, 6, [0.4, 0.92, 0.98], 18, 160_000, [], 0),
  of('telecom', 'Viễn thông', 60, 12, [0.4, 0.93, 0.98], 14, 210_000, [], 0),
  of('public-service', 'Bộ phận một cửa', 95, 1, [0.05, 0.2, 0.5], 2, 120_000, ['pos'], 40),
  of('other', 'Cửa hàng', 7_400, 1, [0.08, 0.16, 0.28], 0.8, 150_000, ['pos'], 40),
]

/** How many establishments those are. */
export const cityEstablishments = sectorProfiles.reduce((sum, { count }) => sum + count, 0)

function of(
  sector: Sector,
  name: string,
  count: number,
  chain: number,
  adoption: SectorProfile['adoption'],
  weight: number,
  ticket: number,
  terminals: readonly TerminalKind[],
  cardPercent: number,
): SectorProfile {
  return { sector, name, count, chain, adoption, weight, ticket, terminals, cardPercent }
}
