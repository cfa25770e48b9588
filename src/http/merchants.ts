// /v1/merchants: an operator takes a merchant on, with its first key, shown once; both may change its settings later.
import { z } from '@hono/zod-openapi'
import type { Chance } from '../domain/core/chance.ts'
import type { Metadata } from '../domain/core/eventStore.ts'
import { merchantCode, newMerchantId } from '../domain/core/ids.ts'
import type { RegisteredMerchant } from '../domain/merchants/merchant.ts'
import { payoutCycles } from '../domain/settlement/bankCalendar.ts'
import { isCutOff, midnight } from '../domain/settlement/cutOff.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import type { Intention } from './idempotency.ts'
import { newKey } from './keys.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { accountNumber, bankBin, id, idPageQuery, instant, page, sector, taxCode, text } from './schemas.ts'
import type { Services } from './services.ts'

const drawsMax = 5

const latePolicy = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('accept'), graceSeconds: z.int().min(0).max(604_800) }),
  z.strictObject({ mode: z.literal('hold') }),
  z.strictObject({ mode: z.literal('return') }),
])
const autoReturn = z.boolean().openapi({
  description:
    'What is paid over the amount goes back to the payer by itself. Without it, it waits as unapplied money.',
})
const feePlan = z.strictObject({
  rate: z
    .string()
    .regex(/^\d{1,2}(\.\d{1,4})?$/, 'A percentage as a decimal string, e.g. "0.55".')
    .openapi({ example: '0.55' }),
  fixed: z
    .string()
    .regex(/^\d{1,9}$/, 'Minor units, e.g. "500".')
    .openapi({ example: '0' }),
})

const settlementAccount = z.strictObject({ bankBin, accountNumber, accountName: text(100) })

const cutOff = z.string().refine(isCutOff, 'A time of day, from "00:01" to "24:00".').openapi({
  example: '24:00',
  description: 'When the business day ends, in Vietnam. A change counts from tomorrow on.',
})
const payoutCycle = z.enum(payoutCycles)
const payoutAccount = settlementAccount.nullable().openapi({
  description: 'Where payouts go, where that is not the settlement account; null: nowhere for now',
})

const MerchantBody = z.strictObject({
  name: text(140),
  taxCode,
  sector,
  district: text(60),
  settlementAccount,
  latePolicy: latePolicy.default({ mode: 'hold' }),
  autoReturnOverpayments: autoReturn.optional(),
  feePlan: feePlan.default({ rate: '0', fixed: '0' }),
})

export const MerchantView = z
  .object({
    id: id('mer', 'mer_7K3MA'),
    name: z.string(),
    taxCode: z.string(),
    sector,
    district: z.string(),
    settlementAccount,
    latePolicy,
    autoReturnOverpayments: z.boolean(),
    cutOff,
    payoutCycle,
    payoutAccount: payoutAccount.optional(),
    feePlan,
    createdAt: instant,
  })
  .openapi('Merchant')

const view = (merchantId: string, { status: _, keyId: __, registeredAt, ...rest }: RegisteredMerchant) => ({
  id: merchantId,
  ...rest,
  cutOff: rest.cutOff ?? midnight,
  payoutCycle: rest.payoutCycle ?? 'T+1',
  autoReturnOverpayments: rest.autoReturnOverpayments ?? false,
  createdAt: registeredAt,
})

/** Registers a merchant with its first key. The five characters of its id are drawn until they are nobody else's. */
export async function registerMerchant(
  { autoReturnOverpayments, ...given }: z.output<typeof MerchantBody>,
  { chance }: Pick<Intention, 'chance'>,
  metadata: Metadata,
  services: Services,
) {
  const body = { ...given, ...(autoReturnOverpayments !== undefined && { autoReturnOverpayments }) }
  for (let draw = 0; draw < drawsMax; draw++) {
    const drawn: Chance = (purpose, size) => chance(`${purpose}${draw || ''}`, size)
    const merchantId = newMerchantId(drawn)
    const key = newKey({ role: 'merchant', code: merchantCode(merchantId), merchantId }, drawn, services)
    const registeredAt = services.now().toISOString()
    const outcome = await services.gateway.merchants.handle(
      merchantId,
      { type: 'RegisterMerchant', data: { ...body, keyId: key.keyId, registeredAt } },
      metadata,
      { expectNew: true },
    )
    if (!outcome.ok && outcome.rejection === 'merchant_exists') continue
    const { state, ...done } = accepted(outcome)
    await key.record()
    return { merchantId, state: existing(state), apiKey: key.text, done }
  }
  throw new Problem('merchant_exists')
}

const createMerchant = endpoint({
  method: 'post',
  path: '/v1/merchants',
  summary: 'Take a merchant on',
  tag: 'Merchants',
  access: ['operator'],
  body: MerchantBody,
  reply: {
    status: 201,
    description: 'The merchant and its first key, which is not shown again',
    schema: MerchantView.extend({ apiKey: z.string() }),
  },
  run: async ({ body, chance, metadata }, services) => {
    const { merchantId, state, apiKey, done } = await registerMerchant(body, { chance }, metadata, services)
    return reply(201, { ...view(merchantId, state), apiKey }, done)
  },
})

const params = z.object({ id: id('mer', 'mer_7K3MA') })

async function visibleMerchant(merchantId: string, caller: Caller | undefined, { gateway }: Services) {
  if (caller?.role === 'merchant' && caller.merchantId !== merchantId) throw new Problem('not_found')
  const { state, version } = await gateway.merchants.load(merchantId)
  if (state.status === 'new') throw new Problem('not_found')
  return { state, version }
}

const getMerchant = endpoint({
  method: 'get',
  path: '/v1/merchants/{id}',
  summary: 'Read a merchant',
  tag: 'Merchants',
  access: ['operator', 'merchant'],
  params,
  reply: { status: 200, description: 'The merchant', schema: MerchantView },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleMerchant(params.id, caller, services)
    return reply(200, view(params.id, state), { version })
  },
})

const listMerchants = endpoint({
  method: 'get',
  path: '/v1/merchants',
  summary: 'List merchants',
  tag: 'Merchants',
  access: ['operator'],
  query: z.strictObject(idPageQuery('mer', 'mer_7K3MA')),
  reply: { status: 200, description: 'A page of merchants', schema: page(MerchantView) },
  run: async ({ query: { limit, cursor } }, { gateway, readModels }) => {
    const { rows, nextCursor } = await readModels.merchantIds({ limit, cursor })
    const found = await Promise.all(rows.map((merchantId) => gateway.merchants.load(merchantId)))
    return {
      status: 200,
      body: { data: found.map(({ state }, index) => view(rows[index]!, existing(state))), nextCursor },
    }
  },
})

const changeSettings = endpoint({
  method: 'post',
  path: '/v1/merchants/{id}/settings',
  summary: 'Change what happens to money that goes wrong, and how settlements are made and paid',
  tag: 'Merchants',
  access: ['operator', 'merchant'],
  params,
  body: z
    .strictObject({
      latePolicy: latePolicy.optional(),
      autoReturnOverpayments: autoReturn.optional(),
      cutOff: cutOff.optional(),
      payoutCycle: payoutCycle.optional(),
      payoutAccount: payoutAccount.optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'Name at least one setting.'),
  reply: {
    status: 200,
    description: 'The merchant; payments asked for before, and days begun before, keep the old settings',
    schema: MerchantView,
  },
  problems: ['version_differs'],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    await visibleMerchant(params.id, caller, services)
    const { latePolicy, autoReturnOverpayments, cutOff, payoutCycle, payoutAccount } = body
    // Whoever steals a merchant's key must not be able to have its money sent elsewhere.
    if (payoutAccount !== undefined && caller?.role !== 'operator') throw new Problem('forbidden')
    const data = {
      ...(latePolicy && { latePolicy }),
      ...(autoReturnOverpayments !== undefined && { autoReturnOverpayments }),
      ...(cutOff !== undefined && { cutOff }),
      ...(payoutCycle !== undefined && { payoutCycle }),
      ...(payoutAccount !== undefined && { payoutAccount }),
      changedAt: services.now().toISOString(),
    }
    const command = { type: 'ChangeSettings', data } as const
    const { state, ...done } = accepted(
      await services.gateway.merchants.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, view(params.id, existing(state)), done)
  },
})

export const merchantEndpoints = [createMerchant, listMerchants, getMerchant, changeSettings]
