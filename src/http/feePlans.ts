// /v1/fee-plans: what payments cost merchants, by owner (everybody, a sector, a merchant) and method, in dated plans that replace each other.
import { z } from '@hono/zod-openapi'
import { isId } from '../domain/core/ids.ts'
import { type Currency, currencies, formatMoney, money, parseMoney } from '../domain/core/money.ts'
import { sectors } from '../domain/merchants/sectors.ts'
import { type DatedFeePlan, type FeeTier, feePlansId, overlapIn } from '../domain/settlement/feePlans.ts'
import { date } from './days.ts'
import { endpoint } from './endpoint.ts'
import { accepted, reply } from './outcome.ts'
import { type InputError, invalid, Problem } from './problem.ts'
import { amount, readMoney } from './schemas.ts'
import type { Services } from './services.ts'

const percentage = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,4})?$/, 'A percentage as a decimal string, e.g. "0.55".')
  .openapi({ example: '0.55' })

const terms = {
  rate: percentage,
  fixed: amount.default('0').openapi({ description: 'Added to the percentage' }),
  minimum: amount.optional().openapi({ description: 'A fee is at least so much' }),
  cap: amount.optional().openapi({ description: 'A fee is at most so much' }),
}
const Tier = z.strictObject({
  ...terms,
  volumeFrom: amount.openapi({
    description: 'Its terms hold in place of the others once the month before brought so much',
  }),
})
const Plan = z
  .strictObject({
    effectiveFrom: date,
    effectiveTo: date.optional().openapi({ description: 'Included; without, until further notice' }),
    currency: z.enum(Object.keys(currencies) as [Currency, ...Currency[]]).default('VND'),
    ...terms,
    vatRate: percentage.optional().openapi({ description: 'Value-added tax on the fee', example: '10' }),
    tiers: z.array(Tier).min(1).max(10).optional(),
  })
  .openapi('FeePlan')
type Plan = z.output<typeof Plan>
type Terms = Pick<Plan, 'rate' | 'fixed' | 'minimum' | 'cap'>

const params = z.object({
  owner: z
    .string()
    .refine((value) => value === 'default' || isSector(value) || isId('mer', value))
    .openapi({ description: '`default`, a sector, or the id of a merchant', example: 'petrol-station' }),
  method: z.enum(['qr', 'card']),
})
const isSector = (value: string): boolean => (sectors as readonly string[]).includes(value)

const FeePlans = z.object({ owner: z.string(), method: z.string(), plans: z.array(Plan) })

const putFeePlans = endpoint({
  method: 'put',
  path: '/v1/fee-plans/{owner}/{method}',
  summary: 'Set the fee plans of an owner and method, all of them',
  tag: 'Fees',
  access: ['operator'],
  params,
  body: z.strictObject({ plans: z.array(Plan).max(100) }),
  reply: {
    status: 200,
    description: 'The plans, for payments asked for from now on; no payment that was asked for changes',
    schema: FeePlans,
  },
  problems: ['fee_plans_overlap', 'version_differs'],
  run: async ({ params: { owner, method }, body, metadata, ifVersion }, services) => {
    await expectOwner(owner, services)
    const plans = body.plans.map(readPlan)
    expectApart(plans)
    const command = { type: 'SetFeePlans', data: { plans, at: services.now().toISOString() } } as const
    const { feePlans } = services.gateway
    const outcome = await feePlans.handle(feePlansId(owner, method), command, metadata, ifVersion)
    services.fees.forget()
    const { state, ...done } = accepted(outcome)
    return reply(200, { owner, method, plans: state.plans.map(planView) }, done)
  },
})

const getFeePlans = endpoint({
  method: 'get',
  path: '/v1/fee-plans/{owner}/{method}',
  summary: 'Read the fee plans of an owner and method',
  tag: 'Fees',
  access: ['operator', 'merchant'],
  params,
  reply: {
    status: 200,
    description: 'All of its plans, by date; none where none were set',
    schema: FeePlans,
  },
  run: async ({ params: { owner, method }, caller }, services) => {
    if (isId('mer', owner) && caller!.merchantId !== undefined && caller!.merchantId !== owner)
      throw new Problem('not_found')
    await expectOwner(owner, services)
    const { state, version } = await services.gateway.feePlans.load(feePlansId(owner, method))
    return reply(200, { owner, method, plans: state.plans.map(planView) }, { version })
  },
})

async function expectOwner(owner: string, { gateway }: Services): Promise<void> {
  if (!isId('mer', owner)) return
  const { state } = await gateway.merchants.load(owner)
  if (state.status === 'new') throw new Problem('not_found')
}

function expectApart(plans: readonly DatedFeePlan[]): void {
  const overlap = overlapIn(plans)
  if (!overlap) return
  const [earlier, later] = overlap
  const { effectiveFrom, effectiveTo = 'further notice' } = plans[earlier]!
  const detail = `Plan ${earlier} holds from ${effectiveFrom} to ${effectiveTo}, in the same currency.`
  throw new Problem('fee_plans_overlap', {
    errors: [{ pointer: `/plans/${later}/effectiveFrom`, detail }],
  })
}

function readPlan(plan: Plan, index: number): DatedFeePlan {
  const at = `/plans/${index}`
  const { effectiveFrom, effectiveTo, currency, vatRate, tiers = [] } = plan
  if (effectiveTo !== undefined && effectiveTo < effectiveFrom)
    throw invalid({ pointer: `${at}/effectiveTo`, detail: 'Not before "effectiveFrom".' })
  const readTiers = tiers.map((tier, number): FeeTier => {
    const place = `${at}/tiers/${number}`
    return {
      ...readTerms(tier, currency, place),
      volumeFrom: minor(tier.volumeFrom, currency, `${place}/volumeFrom`),
    }
  })
  const twice = readTiers.findIndex(({ volumeFrom }, number) =>
    readTiers.slice(0, number).some((other) => other.volumeFrom === volumeFrom),
  )
  if (twice >= 0)
    throw invalid({ pointer: `${at}/tiers/${twice}/volumeFrom`, detail: 'Another tier begins there.' })
  return {
    currency,
    effectiveFrom,
    ...(effectiveTo !== undefined && { effectiveTo }),
    ...readTerms(plan, currency, at),
    ...(vatRate !== undefined && { vatRate }),
    ...(readTiers.length > 0 && {
      tiers: readTiers,
    }),
  }
}

function readTerms({ rate, fixed, minimum, cap }: Terms, currency: Currency, at: string) {
  const read = {
    rate,
    fixed: minor(fixed, currency, `${at}/fixed`),
    ...(minimum !== undefined && { minimum: minor(minimum, currency, `${at}/minimum`) }),
    ...(cap !== undefined && { cap: minor(cap, currency, `${at}/cap`) }),
  }
  if (read.minimum !== undefined && read.cap !== undefined && BigInt(read.minimum) > BigInt(read.cap))
    throw invalid({ pointer: `${at}/cap`, detail: 'Not less than "minimum".' } satisfies InputError)
  return read
}

/** Nothing is an amount, too, here. */
const minor = (text: string, currency: Currency, pointer: string): string =>
  parseMoney(text, currency) === 'amount_zero'
    ? '0'
    : readMoney({ amount: text, currency }, pointer).minor.toString()

function planView({ currency, tiers, ...plan }: DatedFeePlan) {
  const show = (value: string): string => formatMoney(money(BigInt(value), currency))
  const termsView = <T extends Omit<FeeTier, 'volumeFrom'>>({ fixed, minimum, cap, ...rest }: T) => ({
    ...rest,
    fixed: show(fixed),
    ...(minimum !== undefined && { minimum: show(minimum) }),
    ...(cap !== undefined && { cap: show(cap) }),
  })
  const tierViews = tiers?.map((tier) => ({ ...termsView(tier), volumeFrom: show(tier.volumeFrom) }))
  return { ...termsView(plan), currency, ...(tierViews && { tiers: tierViews }) }
}

export const feePlanEndpoints = [putFeePlans, getFeePlans]
