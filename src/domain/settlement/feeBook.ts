// Which fee terms a payment is asked for under: the merchant's, its sector's or everybody's, in force that day. Known by heart for a moment.
import { businessDate } from '../core/businessDay.ts'
import type { FeePlan } from '../core/fees.ts'
import { recent } from '../core/recent.ts'
import type { Gateway } from '../gateway.ts'
import type { Sector } from '../merchants/sectors.ts'
import { type DatedFeePlan, type FeeMethod, feePlansId, planOn, termsOf } from './feePlans.ts'
import { monthBefore, type Volume, volumeOf } from './feeVolume.ts'

type Ports = Pick<Gateway, 'feePlans' | 'feeVolumes'> & {
  readonly now: () => Date
  /** What a merchant took in a month (`2026-10`), counted once all of it is. */
  readonly volumesIn: (merchantId: string, month: string) => Promise<readonly Volume[]>
  /** Told of a volume that could not be recorded: it will be tried again. */
  readonly failed: (error: unknown) => void
}

/** Who asks for a payment. */
type Payee = { readonly merchantId: string; readonly sector: Sector; readonly feePlan: FeePlan }

export type FeeBook = {
  /** The terms to charge by, and whether a fee plan says so or the merchant's registration. */
  readonly termsFor: (payee: Payee, method: FeeMethod, currency: string) => Promise<Quoted>
  /** Looks everything up again: somebody here has changed a plan. */
  readonly forget: () => void
}
export type Quoted = { readonly terms: FeePlan; readonly planned: boolean }

/** A change of plan by another gateway is seen after so long, at the latest. */
const knownMs = 5_000
const knownMax = 10_000

type Known = Quoted & { readonly date: string; readonly until: number }

export function feeBook(ports: Ports): FeeBook {
  let known = recent<string, Known>(knownMax)
  return {
    termsFor: async (payee, method, currency) => {
      const at = ports.now()
      const date = businessDate(at.toISOString())
      const key = `${payee.merchantId} ${method} ${currency}`
      const before = known.get(key)
      if (before && before.date === date && at.getTime() < before.until) return before
      const quoted = await quote(payee, method, currency, date, ports)
      known.set(key, { ...quoted, date, until: at.getTime() + knownMs })
      return quoted
    },
    forget: () => {
      known = recent(knownMax)
    },
  }
}

/**
 * The closest plan counts: the merchant's own; else what was agreed at its registration, where that charges anything (its
 * fixed part is in đồng, and of payments in đồng); else its sector's; else everybody's.
 */
async function quote(
  { merchantId, sector, feePlan }: Payee,
  method: FeeMethod,
  currency: string,
  date: string,
  ports: Ports,
): Promise<Quoted> {
  const planOf = async (owner: string): Promise<DatedFeePlan | undefined> =>
    planOn((await ports.feePlans.load(feePlansId(owner, method))).state, currency, date)
  const terms = currency === 'VND' ? feePlan : { rate: feePlan.rate, fixed: '0' }
  const registered = { terms, planned: false }
  const own = await planOf(merchantId)
  if (!own && charges(terms)) return registered
  const plan = own ?? (await planOf(sector)) ?? (await planOf('default'))
  if (!plan) return registered
  const volume = plan.tiers ? await volumeFor(merchantId, method, currency, date, ports) : 0n
  return { terms: termsOf(plan, volume), planned: true }
}

const charges = ({ rate, fixed }: FeePlan): boolean => /[1-9]/.test(rate + fixed)

/** The volume recorded last. The first who asks in a month has that of the month before recorded; nobody waits for it. */
async function volumeFor(
  merchantId: string,
  method: FeeMethod,
  currency: string,
  date: string,
  ports: Ports,
): Promise<bigint> {
  const { state } = await ports.feeVolumes.load(merchantId)
  const month = monthBefore(date)
  if (state.month < month) void record(merchantId, month, ports).catch(ports.failed)
  return volumeOf(state, method, currency)
}

async function record(
  merchantId: string,
  month: string,
  { volumesIn, feeVolumes, now }: Ports,
): Promise<void> {
  const volumes = await volumesIn(merchantId, month)
  const data = { month, volumes, at: now().toISOString() }
  const metadata = { actor: 'recordFeeVolume', correlationId: `${merchantId} ${month}` }
  await feeVolumes.handle(merchantId, { type: 'RecordFeeVolume', data }, metadata)
}
