// POST /v1/billers/{id}/customers/forget: the name, phone and address of one customer are erased everywhere.
import { z } from '@hono/zod-openapi'
import { customerCodeKey } from '../domain/bills/customerCode.ts'
import { visibleMerchant } from './billers.ts'
import { endpoint } from './endpoint.ts'
import { customerIdOf, forgetCustomer } from './forgetCustomer.ts'
import { accepted, existing, reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { id, instant } from './schemas.ts'

const ForgottenCustomer = z
  .object({
    id: id('cus', 'cus_7K3MA9QZXW4F2P8R607K3MA9QZ').openapi({
      description: 'A keyed hash: the log names a forgotten customer by nothing else',
    }),
    billerId: id('mer', 'mer_7K3MA'),
    customerCode: z.string(),
    times: z.int().openapi({ description: 'More than 1 where the customer came back with a new bill' }),
    forgottenAt: instant,
  })
  .openapi('ForgottenCustomer')

const forgetEndpoint = endpoint({
  method: 'post',
  path: '/v1/billers/{id}/customers/forget',
  summary: 'Erase the name, phone and address of a customer',
  tag: 'Bills',
  access: ['operator', 'merchant'],
  params: z.object({ id: id('mer', 'mer_7K3MA') }),
  body: z.strictObject({ customerCode: z.string().min(1).max(40) }),
  reply: {
    status: 200,
    description: 'The key is destroyed; bills stay as they are, without a name',
    schema: ForgottenCustomer,
  },
  problems: ['customer_not_found', 'forgetting_unavailable'],
  run: async ({ params, body, caller, metadata }, services) => {
    await visibleMerchant(params.id, caller!, services)
    const customer = { billerId: params.id, customerCode: customerCodeKey(body.customerCode) }
    const { erasure } = services.vault
    if (!erasure) throw new Problem('forgetting_unavailable')
    const outcome = await forgetCustomer(customer, metadata, { ...services, erasure })
    if (!outcome) throw new Problem('customer_not_found')
    const { state, ...done } = accepted(outcome)
    const { times, forgottenAt } = existing(state)
    return reply(200, { id: customerIdOf(customer, services), ...customer, times, forgottenAt }, done)
  },
})

export const customerEndpoints = [forgetEndpoint]
