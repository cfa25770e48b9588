// What a merchant took in a month, by method and currency, as fees look at it.
import type { Currency } from '../domain/core/money.ts'
import type { FeeMethod } from '../domain/settlement/feePlans.ts'
import type { Volume } from '../domain/settlement/feeVolume.ts'
import type { Services } from './services.ts'

/** Of business dates, reversed sales left out; once the read models have counted all that is in the log. */
export const monthlyVolumes =
  ({ readModels, caughtUp }: Pick<Services, 'readModels' | 'caughtUp'>) =>
  async (merchantId: string, month: string): Promise<readonly Volume[]> => {
    await caughtUp()
    const days = await readModels.dailyTakings(merchantId, `${month}-01`, `${month}-31`)
    const sums = new Map<string, bigint>()
    for (const { group, currency, gross } of days) {
      const key = `${group.method} ${currency}`
      sums.set(key, (sums.get(key) ?? 0n) + gross)
    }
    return [...sums].map(([key, gross]) => {
      const [method, currency] = key.split(' ') as [FeeMethod, Currency]
      return { method, amount: { amount: gross.toString(), currency } }
    })
  }
