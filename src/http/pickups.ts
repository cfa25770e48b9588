// POST /v1/terminals/{id}/pickups: a customer types a pick-up code, and the machine is told what to hand out.
import { z } from '@hono/zod-openapi'
import { guessLimiter } from '../domain/pos/guesses.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { Instruction, instructionOf } from './instructions.ts'
import { accepted, existing, reply } from './outcome.ts'
import { pickupCode } from './pickupCode.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'
import { params, visibleTerminal } from './terminalView.ts'

const guessesMax = 10
/** More orders than these do not wait at one site: those whose time is over first would be found. */
const waitingMax = 5_000

/** One for each gateway: it remembers who guessed. */
export function pickupEndpoint(): Endpoint {
  const guesses = guessLimiter(guessesMax)
  return endpoint({
    method: 'post',
    path: '/v1/terminals/{id}/pickups',
    summary: 'Hand out the order that a pick-up code names',
    tag: 'Fulfillment',
    access: ['terminal'],
    params,
    body: z.strictObject({ code: z.string().regex(/^\d{8}$/, 'Eight digits.') }),
    reply: { status: 200, description: 'What to hand out now', schema: Instruction },
    problems: [
      'pickup_code_unknown',
      'pickup_code_ambiguous',
      'pickup_claimed',
      'fulfillment_not_due',
      'too_many_guesses',
    ],
    run: async ({ params, body, caller, metadata }, services) => {
      const { gateway, now } = services
      const { state: terminal } = await visibleTerminal(params.id, caller!, services)
      const wait = guesses.begin(params.id, now().getTime())
      if (wait !== undefined)
        throw new Problem('too_many_guesses', { headers: { 'retry-after': String(wait) } })
      const paymentId = await waitingUnder(body.code, terminal.siteId, services)
      guesses.right(params.id)
      const data = { terminalId: params.id, claimedAt: now().toISOString() }
      const { state, ...done } = accepted(
        await gateway.payments.handle(paymentId, { type: 'ClaimPickup', data }, metadata),
      )
      const instruction = instructionOf(paymentId, existing(state), params.id, now())
      if (!instruction) throw new Problem('fulfillment_not_due')
      return reply(200, instruction, done)
    },
  })
}

/** Every code is compared: how long it takes says nothing about them. */
async function waitingUnder(code: string, siteId: string, services: Services): Promise<string> {
  const waiting = await services.readModels.toPickUp(siteId, waitingMax)
  const [found, another] = waiting.filter((id) => services.crypto.equal(pickupCode(id, services), code))
  if (found === undefined) throw new Problem('pickup_code_unknown')
  if (another !== undefined) throw new Problem('pickup_code_ambiguous')
  return found
}
