// /v1/fulfillment-exceptions: what a person must look at, because goods and money do not agree.
import { z } from '@hono/zod-openapi'
import { endpoint } from './endpoint.ts'
import { accepted, existing, reply } from './outcome.ts'
import { PaymentView, paymentViewOf } from './paymentView.ts'
import { instant, page, pageQuery, paymentId, text } from './schemas.ts'
import { visiblePayment } from './visiblePayment.ts'

export const ExceptionView = z
  .object({ raisedAt: instant, payment: PaymentView })
  .openapi('FulfillmentException')

const listExceptions = endpoint({
  method: 'get',
  path: '/v1/fulfillment-exceptions',
  summary: 'Payments whose goods and money do not agree, oldest first',
  tag: 'Fulfillment',
  access: ['merchant', 'operator'],
  query: z.strictObject(pageQuery),
  reply: {
    status: 200,
    description: 'A page of them: "payment.fulfillment" says what is disputed or unsettled',
    schema: page(ExceptionView),
  },
  run: async ({ query: { limit, cursor }, caller }, { gateway, readModels, settings }) => {
    const { rows, nextCursor } = await readModels.listFulfillmentExceptions(caller!.merchantId, {
      limit,
      cursor,
    })
    const loaded = await Promise.all(rows.map(({ id }) => gateway.payments.load(id)))
    const data = rows.map(({ id, raisedAt }, index) => ({
      raisedAt,
      payment: paymentViewOf(id, existing(loaded[index]!.state), settings.publicUrl),
    }))
    return { status: 200, body: { data, nextCursor } }
  },
})

const resolveException = endpoint({
  method: 'post',
  path: '/v1/fulfillment-exceptions/{id}/resolve',
  summary: 'A person is done with it',
  tag: 'Fulfillment',
  access: ['merchant', 'operator'],
  params: z.object({ id: paymentId }),
  body: z.strictObject({
    note: text(140).optional().openapi({ description: 'Kept for ever in the log. Not for personal data.' }),
  }),
  reply: { status: 200, description: 'The payment; it is not listed any more', schema: PaymentView },
  problems: ['fulfillment_exception_not_found', 'fulfillment_not_requested', 'version_differs'],
  run: async ({ params, body, caller, metadata, ifVersion }, services) => {
    const { gateway, now, settings } = services
    await visiblePayment(params.id, caller, services)
    const data = {
      by: caller!.role === 'operator' ? 'operator' : 'merchant',
      ...(body.note !== undefined && { note: body.note }),
      resolvedAt: now().toISOString(),
    } as const
    const command = { type: 'ResolveFulfillment', data } as const
    const { state, ...done } = accepted(
      await gateway.payments.handle(params.id, command, metadata, ifVersion),
    )
    return reply(200, paymentViewOf(params.id, existing(state), settings.publicUrl), done)
  },
})

export const fulfillmentExceptionEndpoints = [listExceptions, resolveException]
