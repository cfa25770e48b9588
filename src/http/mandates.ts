// /v1/mandates: a payer's bank or wallet pays a biller's bills by itself; given, read, paused, resumed and canceled.
import { z } from '@hono/zod-openapi'
import { profileOf } from '../domain/bills/billerProfile.ts'
import { customerCodeKey, fitsRule } from '../domain/bills/customerCode.ts'
import { newMandateId } from '../domain/core/ids.ts'
import { toData } from '../domain/core/money.ts'
import { mandateStatuses } from '../domain/mandates/mandateEvents.ts'
import { transferAmountMax } from '../domain/qr/vietQrRules.ts'
import type { Caller } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { MandateView, mandateId, mandateView } from './mandateView.ts'
import { accepted, existing, reply } from './outcome.ts'
import { invalid, Problem } from './problem.ts'
import { amount, currency, id, page, pageQuery, readMoney, text } from './schemas.ts'
import type { Services } from './services.ts'

const params = z.object({ id: mandateId })

/** Kept for ever in the log: a name that only the payer's bank can read, and no account number. */
const token = text(80)
  .regex(
    /^[a-z]{2,10}_[0-9A-Za-z_-]{1,64}$/,
    'Small letters, an underscore, and up to 64 letters and digits.',
  )
  .refine((value) => !/\d{8}/.test(value), 'This looks like an account number: send the token for it.')
  .openapi({ example: 'dbt_9QZXW4F2P8R7K3MA' })

const Body = z.strictObject({
  billerId: id('mer', 'mer_7K3MA'),
  customerCode: z.string().min(1).max(40).openapi({ example: 'PD13000123456' }),
  token: token.openapi({
    description: "What the payer's bank or wallet gave for the account and the consent",
  }),
  cap: amount.openapi({ description: 'The most for one bill, late fee included' }),
  currency: currency.default('VND'),
  noticeDays: z.int().min(0).max(30).openapi({ description: 'Days between a notice and its debit' }),
})

const request = endpoint({
  method: 'post',
  path: '/v1/mandates',
  summary: "Let a payer's bank pay a biller's bills",
  tag: 'Mandates',
  access: ['merchant'],
  body: Body,
  reply: { status: 201, description: "The mandate; the payer's bank has to take it", schema: MandateView },
  problems: ['biller_not_found', 'debits_unavailable'],
  run: async ({ body, caller, chance, metadata }, services) => {
    const { gateway, now, canDebit } = services
    if (!canDebit) throw new Problem('debits_unavailable')
    const data = { ...(await termsOf(body, caller!, services)), requestedAt: now().toISOString() }
    const id = newMandateId(body.billerId, chance)
    const command = { type: 'RequestMandate', data } as const
    const { state, ...done } = accepted(
      await gateway.mandates.handle(id, command, metadata, { expectNew: true }),
    )
    return reply(201, mandateView(id, existing(state)), done)
  },
})

async function termsOf(
  { billerId, customerCode: written, token, cap: said, currency, noticeDays }: z.output<typeof Body>,
  { merchantId }: Caller,
  { gateway }: Services,
) {
  const biller = await profileOf(gateway, billerId)
  if (!biller) throw new Problem('biller_not_found')
  const customerCode = customerCodeKey(written)
  if (!fitsRule(customerCode, biller.profile.customerCode))
    throw invalid({ pointer: '/customerCode', detail: 'Not a customer code of this biller.' })
  const cap = readMoney({ amount: said, currency }, '/cap')
  if (cap.currency !== 'VND')
    throw invalid({ pointer: '/currency', detail: 'Bills are in VND.', code: 'currency_not_supported' })
  if (cap.minor > transferAmountMax)
    throw invalid({ pointer: '/cap', detail: `A transfer moves at most ${transferAmountMax} VND.` })
  const agent = merchantId === billerId ? {} : { agentId: merchantId! }
  return { billerId, ...agent, customerCode, token, cap: toData(cap), noticeDays }
}

/** A mandate that concerns the caller: the biller, who acts for the payer, or an operator. */
async function ownMandate(id: string, { role, merchantId }: Caller, { gateway }: Services) {
  const { state, version } = await gateway.mandates.load(id)
  if (state.status === 'new') throw new Problem('not_found')
  if (role !== 'operator' && state.billerId !== merchantId && state.agentId !== merchantId)
    throw new Problem('not_found')
  return { mandate: state, version }
}

const getOne = endpoint({
  method: 'get',
  path: '/v1/mandates/{id}',
  summary: 'Read a mandate with its debits',
  tag: 'Mandates',
  access: ['merchant', 'operator'],
  params,
  reply: { status: 200, description: 'The mandate', schema: MandateView },
  run: async ({ params, caller }, services) => {
    const { mandate, version } = await ownMandate(params.id, caller!, services)
    return reply(200, mandateView(params.id, mandate), { version })
  },
})

const list = endpoint({
  method: 'get',
  path: '/v1/mandates',
  summary: 'List mandates, the newest first',
  tag: 'Mandates',
  access: ['merchant'],
  query: z.strictObject({
    ...pageQuery,
    as: z
      .enum(['biller', 'agent'])
      .default('biller')
      .openapi({ description: "For the caller's bills, or given by the caller for payers" }),
    status: z.enum(mandateStatuses).optional(),
  }),
  reply: { status: 200, description: 'A page of mandates', schema: page(MandateView) },
  run: async ({ query: { limit, cursor, as, status }, caller }, services) => {
    const filter = { as, merchantId: caller!.merchantId!, ...(status !== undefined && { status }) }
    const { rows, nextCursor } = await services.readModels.listMandates(filter, { limit, cursor })
    const data = await Promise.all(
      rows.map(async ({ id }) => mandateView(id, (await ownMandate(id, caller!, services)).mandate)),
    )
    return { status: 200, body: { data, nextCursor } }
  },
})

const acts = {
  pause: { type: 'PauseMandate', summary: 'Debit nothing until it is resumed' },
  resume: { type: 'ResumeMandate', summary: 'Debit again; open bills are announced anew' },
  cancel: { type: 'CancelMandate', summary: 'End a mandate for ever' },
} as const

const act = (name: keyof typeof acts) =>
  endpoint({
    method: 'post',
    path: `/v1/mandates/{id}/${name}`,
    summary: acts[name].summary,
    tag: 'Mandates',
    access: ['merchant'],
    params,
    body: z.strictObject({}),
    reply: { status: 200, description: 'The mandate', schema: MandateView },
    problems: ['mandate_not_active', 'mandate_ended', 'version_differs'],
    run: async ({ params, caller, metadata, ifVersion }, services) => {
      const { gateway, now } = services
      await ownMandate(params.id, caller!, services)
      const command = { type: acts[name].type, data: { at: now().toISOString() } }
      const { state, ...done } = accepted(
        await gateway.mandates.handle(params.id, command, metadata, ifVersion),
      )
      return reply(200, mandateView(params.id, existing(state)), done)
    },
  })

export const mandateEndpoints = [request, list, getOne, act('pause'), act('resume'), act('cancel')]
