// /v1/settlements: an operator closes a business date; merchants see what they are owed for it, and the lines it is made of.
import { z } from '@hono/zod-openapi'
import { closeDates, closeToday } from '../domain/settlement/closeDay.ts'
import { date, today } from './days.ts'
import { endpoint } from './endpoint.ts'
import { reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { id, page, pageQuery } from './schemas.ts'
import { reportEndpoints } from './settlementReports.ts'
import { PayoutView, rowView, SettlementView, settlementIdParam, settlementView } from './settlementView.ts'
import { visibleSettlement } from './visibleSettlement.ts'

const closeSettlements = endpoint({
  method: 'post',
  path: '/v1/settlements',
  summary: 'Close a business date',
  tag: 'Settlement',
  access: ['operator'],
  body: z.strictObject({ businessDate: date }),
  reply: {
    status: 200,
    description:
      'The settlements of the date, by id; again the same. Today is cut now: what comes later is in the next date',
    schema: z.object({ data: z.array(SettlementView) }),
  },
  problems: ['business_date_in_future'],
  run: async ({ body: { businessDate } }, services) => {
    const { closing, readModels } = services
    const latest = today(services)
    if (businessDate > latest) throw new Problem('business_date_in_future')
    await closing.caughtUp()
    await closing.alone(() =>
      businessDate === latest ? closeToday(closing) : closeDates(businessDate, closing),
    )
    await closing.caughtUp()
    const rows = await readModels.settlementsOf(businessDate)
    return { status: 200, body: { data: rows.map(rowView) } }
  },
})

const listSettlements = endpoint({
  method: 'get',
  path: '/v1/settlements',
  summary: 'List settlements, the newest date first',
  tag: 'Settlement',
  access: ['merchant', 'operator'],
  query: z.strictObject({
    limit: pageQuery.limit,
    cursor: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d\.set_[0-9A-Z]{16}$/, 'Take it from "nextCursor" of the page before.')
      .optional(),
    businessDate: date.optional(),
    merchantId: id('mer', 'mer_7K3MA').optional(),
  }),
  reply: { status: 200, description: 'A page of settlements', schema: page(SettlementView) },
  run: async ({ query: { limit, cursor, businessDate, merchantId }, caller }, { readModels }) => {
    const own = caller?.role === 'merchant' ? caller.merchantId : merchantId
    if (merchantId !== undefined && merchantId !== own) throw new Problem('not_found')
    const filter = {
      ...(own !== undefined && { merchantId: own }),
      ...(businessDate !== undefined && { businessDate }),
    }
    const { rows, nextCursor } = await readModels.listSettlements(filter, { limit, cursor })
    return { status: 200, body: { data: rows.map(rowView), nextCursor } }
  },
})

const params = z.object({ id: settlementIdParam })

const getSettlement = endpoint({
  method: 'get',
  path: '/v1/settlements/{id}',
  summary: 'Read a settlement, with every payout of it',
  tag: 'Settlement',
  access: ['merchant', 'operator'],
  params,
  reply: {
    status: 200,
    description: 'The settlement',
    schema: SettlementView.extend({ payouts: z.array(PayoutView) }),
  },
  run: async ({ params, caller }, services) => {
    const { state, version } = await visibleSettlement(params.id, caller, services)
    return reply(200, settlementView(state), { version })
  },
})

export const settlementEndpoints = [closeSettlements, listSettlements, getSettlement, ...reportEndpoints]
