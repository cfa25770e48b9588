// GET /v1/terminals/{id}/stream: instructions for a terminal as server-sent events: how its payments stand, and what to hand out.

import { isKeyOf } from '../domain/pos/terminal.ts'
import type { Caller } from './auth.ts'
import { endpoint, type Reply } from './endpoint.ts'
import { eventStream } from './eventStream.ts'
import { instructionOf } from './instructions.ts'
import { paymentsOf, type Services } from './services.ts'
import { statusOf } from './statusStream.ts'
import { params, visibleTerminal } from './terminalView.ts'

const followedMax = 100
const recentMax = 20
const recentMs = 3_600_000
const lookAgainMs = 15_000 // by then the list has what was asked for while the stream began

/** `event: payment`, `data: {id, status, amount, amountReceived, currency}`; `event: dispense`, `data:` an instruction, once. */
const stream = (terminalId: string, caller: Caller, signal: AbortSignal, services: Services): Reply =>
  eventStream('terminalStream', signal, services, ({ send, leave, latestOnly }) => {
    const followed = new Map<string, () => void>() // the longest followed first
    let ended = false

    const follow = (paymentId: string) => {
      if (ended || followed.has(paymentId)) return
      if (followed.size === followedMax) forgetOldest()
      let told = 0
      let instructed = false
      const tell = latestOnly(async () => {
        if (!(await mayListen(terminalId, caller, services))) return leave()
        const { version, ...data } = await statusOf(paymentId, services)
        if (version === told) return // news of one change may come on two ways
        told = version
        send({ event: 'payment', id: `${paymentId}.${version}`, data: { id: paymentId, ...data } })
        const instruction = instructed ? undefined : await instructionFor(paymentId, terminalId, services)
        if (!instruction) return
        instructed = true
        send({ event: 'dispense', id: `${paymentId}.${version}.dispense`, data: instruction })
      })
      followed.set(paymentId, services.watch(`payment-${paymentId}`, tell))
      tell()
    }
    const forgetOldest = () => {
      const [paymentId, unwatch] = followed.entries().next().value!
      unwatch()
      followed.delete(paymentId)
    }
    const followRecent = latestOnly(async () => {
      for (const paymentId of await recentPayments(terminalId, services)) follow(paymentId)
    })
    const check = latestOnly(async () => {
      if (!(await mayListen(terminalId, caller, services))) leave()
    })

    const unwatch = [
      services.watch(paymentsOf(terminalId), (stream) => follow(stream.slice('payment-'.length))),
      services.watch(`terminal-${terminalId}`, check),
    ]
    followRecent()
    const lookAgain = setTimeout(followRecent, lookAgainMs)
    return () => {
      ended = true
      clearTimeout(lookAgain)
      for (const forget of [...unwatch, ...followed.values()]) forget()
    }
  })

/** A stream ends with its key: what is blocked, revoked or replaced hears no more. */
async function mayListen(
  terminalId: string,
  caller: Caller,
  { gateway, now }: Pick<Services, 'gateway' | 'now'>,
): Promise<boolean> {
  if (caller.terminalId === undefined) return true
  const { state } = await gateway.terminals.load(terminalId)
  return state.status === 'active' && isKeyOf(state, caller.keyId, now())
}

async function instructionFor(paymentId: string, terminalId: string, { gateway, now }: Services) {
  const { state } = await gateway.payments.load(paymentId)
  return state.status === 'new' ? undefined : instructionOf(paymentId, state, terminalId, now())
}

/** The newest payments of the last hour, oldest first, and before them what is to be handed out. */
async function recentPayments(terminalId: string, { gateway, readModels, now }: Services): Promise<string[]> {
  const { state } = await gateway.terminals.load(terminalId)
  if (state.status === 'new') return []
  const from = new Date(now().getTime() - recentMs).toISOString()
  const filter = { merchantId: state.merchantId, terminalId, from }
  const { rows } = await readModels.listPayments(filter, { limit: recentMax, cursor: undefined })
  const waiting = await readModels.toHandOut(terminalId, recentMax)
  return [...waiting, ...rows.map(({ id }) => id).toReversed()]
}

export const terminalStream = endpoint({
  method: 'get',
  path: '/v1/terminals/{id}/stream',
  summary: 'Follow what a terminal is to know (server-sent events)',
  tag: 'Terminals',
  access: ['merchant', 'terminal'],
  params,
  reply: {
    status: 200,
    description:
      '`payment` for each of its latest payments, then on every change of one; `dispense` when something is to be handed out',
    type: 'text/event-stream',
  },
  run: async ({ params, caller, signal }, services) => {
    await visibleTerminal(params.id, caller!, services)
    return stream(params.id, caller!, signal(), services)
  },
})
