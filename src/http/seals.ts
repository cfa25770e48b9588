// /v1/seals: the signed root of each business day, for anybody to keep; and a payment's proof that it is under one.
import { z } from '@hono/zod-openapi'
import type { SealRow } from '../../projections/seals.ts'
import { addDays, businessDate } from '../domain/core/businessDay.ts'
import { inclusionProof } from '../domain/proof/inclusion.ts'
import { type SignedSeal, signedPart } from '../domain/proof/seal.ts'
import { endpoint } from './endpoint.ts'
import { reply } from './outcome.ts'
import { Problem } from './problem.ts'
import { date, ProofView, SealView } from './proofView.ts'
import { page, paymentId } from './schemas.ts'
import type { Services } from './services.ts'
import { visiblePayment } from './visiblePayment.ts'

const listSeals = endpoint({
  method: 'get',
  path: '/v1/seals',
  summary: 'List the sealed days, newest first',
  tag: 'Proof',
  access: 'public',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.iso.date('Take it from "nextCursor" of the page before.').optional(),
  }),
  reply: { status: 200, description: 'A page of seals', schema: page(SealView) },
  run: async ({ query: { limit, cursor } }, { readModels }) => {
    const { rows, nextCursor } = await readModels.listSeals({ limit, cursor })
    return { status: 200, body: { data: rows.map(sealOfRow), nextCursor } }
  },
})

const sealOfRow = ({ previousDate, previousRoot, previousLastPosition, ...row }: SealRow): SignedSeal =>
  signedPart({
    ...row,
    ...(previousDate !== null && {
      previous: { date: previousDate, root: previousRoot!, lastPosition: previousLastPosition! },
    }),
  })

const getSeal = endpoint({
  method: 'get',
  path: '/v1/seals/{date}',
  summary: 'Read the seal of a business day',
  tag: 'Proof',
  access: 'public',
  params: z.object({ date }),
  reply: { status: 200, description: 'The seal', schema: SealView },
  run: async ({ params }, { gateway }) => {
    const { state, version } = await gateway.seals.load(params.date)
    if (state.status === 'new') throw new Problem('not_found')
    return reply(200, signedPart(state), { version })
  },
})

const getProof = endpoint({
  method: 'get',
  path: '/v1/payments/{id}/proof',
  summary: 'Prove that a payment was recorded as paid',
  tag: 'Proof',
  access: ['merchant', 'operator'],
  params: z.object({ id: paymentId }),
  reply: {
    status: 200,
    description: 'The event, its path in the tree of its day, and the seal: checked without this gateway',
    schema: ProofView,
  },
  problems: ['payment_not_paid', 'day_not_sealed'],
  run: async ({ params, caller }, services) => {
    await visiblePayment(params.id, caller, services)
    return { status: 200, body: await paymentProof(params.id, services) }
  },
})

/** Of a payment that exists. */
export async function paymentProof(id: string, services: Services) {
  const { gateway, readModels, readStream, readAll, crypto } = services
  const stream = await readStream(`payment-${id}`)
  const paid = stream.find(({ type }) => type === 'PaymentPaid')
  if (!paid) throw new Problem('payment_not_paid')
  const sealedOn = await readModels.sealedOn(paid.position)
  const { state: seal } = sealedOn === undefined ? unsealed : await gateway.seals.load(sealedOn)
  if (seal.status === 'new') throw notSealed(paid.recordedAt)
  return inclusionProof(paid, stream, seal, { readAll, digest: crypto.hash })
}

const unsealed = { state: { status: 'new' } } as const

/** Says when the day will be over; its seal follows within a minute or so. */
function notSealed(recordedAt: string): Problem {
  const day = businessDate(recordedAt)
  const end = `${addDays(day, 1)}T00:00:00+07:00`
  return new Problem('day_not_sealed', {
    detail: `The business day ${day} is sealed once it is over, soon after ${end}. Ask again then.`,
  })
}

export const sealEndpoints = [listSeals, getSeal, getProof]
