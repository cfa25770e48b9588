// /v1/billers/{id}: the rules by which the bills of a merchant of electricity, water, telecom or public service are paid.
import { z } from '@hono/zod-openapi'
import { type BillProfile, sendsBills } from '../domain/bills/biller.ts'
import { type ProfileOf, profileOf } from '../domain/bills/billerProfile.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { id, instant } from './schemas.ts'
import type { Services } from './services.ts'

const minor = z.string().regex(/^(0|[1-9]\d{0,11})$/, 'Đồng as a decimal string, e.g. "5000".')
const days = z.int().min(0).max(365)
const graceDays = days.openapi({ description: 'Days after the due date on which nothing is charged yet' })

const customerCode = z.discriminatedUnion('check', [
  z.strictObject({ check: z.enum(['any', 'evn']) }),
  z.strictObject({
    check: z.literal('patterns'),
    patterns: z
      .array(z.string().regex(/^[A-Z0-9#@*]{3,30}$/, 'Capital letters, digits, and # @ * as places.'))
      .min(1)
      .max(8)
      .openapi({
        description: '"#" stands for a digit, "@" for a letter, "*" for either',
        example: ['HN######'],
      }),
  }),
])

const amountRule = z.discriminatedUnion('exactness', [
  z.strictObject({ exactness: z.enum(['EXACT', 'EXACT_UP', 'EXACT_DOWN', 'ANY']) }),
  z
    .strictObject({ exactness: z.literal('RANGE'), min: minor, max: minor, multiple: minor })
    .refine(({ min, max }) => BigInt(min) <= BigInt(max), {
      path: ['max'],
      message: 'Not less than "min".',
      when: ({ issues }) => issues.length === 0,
    })
    .refine(({ multiple }) => multiple !== '0', { path: ['multiple'], message: 'At least 1.' }),
])

const lateFee = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rate'),
    percentPerDay: z
      .string()
      .regex(/^\d(\.\d{1,4})?$/, 'A percentage as a decimal string, e.g. "0.03".')
      .openapi({ description: 'Of the amount, for every day since the due date' }),
    graceDays,
  }),
  z.strictObject({ kind: z.literal('fixed'), fixed: minor, graceDays }),
])

const Profile = z.strictObject({
  customerCode,
  amountRule: amountRule.default({ exactness: 'EXACT' }),
  partialPayment: z
    .discriminatedUnion('allowed', [
      z.strictObject({ allowed: z.literal(false) }),
      z.strictObject({ allowed: z.literal(true), order: z.enum(['late-fee-last', 'late-fee-first']) }),
    ])
    .default({ allowed: false }),
  lateFee: lateFee.optional(),
  cutOffAfterDays: days.optional().openapi({
    description: 'So many days after the due date the service may be cut; told with an open bill',
  }),
  feeBorneBy: z.enum(['biller', 'payer']).default('biller'),
  overpayment: z.enum(['next-bill', 'unapplied', 'returned']).optional().openapi({
    description:
      'What becomes of money that a payer sends over the amount asked for; it waits for a person unless said',
  }),
})

export const BillerView = z
  .object({ id: id('mer', 'mer_7K3MA'), profile: Profile, setAt: instant.optional() })
  .openapi('Biller')

const view = (billerId: string, { profile, setAt }: Omit<ProfileOf, 'version'>) => ({
  id: billerId,
  profile,
  ...(setAt !== undefined && { setAt }),
})

/** Fields that are absent, and the same order whatever order they came in. */
const profileIn = ({
  lateFee,
  cutOffAfterDays,
  overpayment,
  ...rest
}: z.output<typeof Profile>): BillProfile => ({
  ...rest,
  ...(lateFee && { lateFee }),
  ...(cutOffAfterDays !== undefined && { cutOffAfterDays }),
  ...(overpayment && { overpayment }),
})

/** The merchant that a biller is; another's is none. */
export async function visibleMerchant(merchantId: string, caller: Caller, { gateway }: Services) {
  if (caller.role === 'merchant' && caller.merchantId !== merchantId) throw new Problem('not_found')
  const { state } = await gateway.merchants.load(merchantId)
  if (state.status === 'new') throw new Problem('not_found')
  return state
}

const params = z.object({ id: id('mer', 'mer_7K3MA') })

const setProfile = endpoint({
  method: 'put',
  path: '/v1/billers/{id}',
  summary: 'Set the rules by which bills are paid',
  tag: 'Bills',
  access: ['operator', 'merchant'],
  params,
  body: Profile,
  reply: { status: 200, description: 'The biller, as it is from now on', schema: BillerView },
  problems: ['version_differs', 'not_a_biller'],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { sector } = await visibleMerchant(params.id, caller!, services)
    if (!sendsBills(sector)) throw new Problem('not_a_biller')
    const data = { profile: profileIn(body), setAt: services.now().toISOString() }
    const command = { type: 'SetBillProfile', data } as const
    const { state, ...done } = accepted(
      await services.gateway.billers.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, view(params.id, existing(state)), done)
  },
})

const getBiller = endpoint({
  method: 'get',
  path: '/v1/billers/{id}',
  summary: 'Read the rules by which bills are paid',
  tag: 'Bills',
  access: ['operator', 'merchant'],
  params,
  reply: {
    status: 200,
    description: 'The biller; without "setAt" it has said nothing yet, and goes by the usual rules',
    schema: BillerView,
  },
  run: async ({ params, caller }, services) => {
    await visibleMerchant(params.id, caller!, services)
    const biller = await profileOf(services.gateway, params.id)
    if (!biller) throw new Problem('not_found')
    return reply(200, view(params.id, biller), { version: biller.version })
  },
})

export const billerEndpoints = [setProfile, getBiller]
