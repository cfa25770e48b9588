// The load of the soak: tills that sell by QR as real ones do, asking again under the same key until they have an answer, and a bank that tells of the money.
import { setTimeout as wait } from 'node:timers/promises'
import { callerOf, openShopAt } from '../../test/support/client.ts'
import { notificationFor, signedHeaders } from '../../test/support/gateway.ts'
import { operatorKey } from './cluster.ts'

export type Sold = {
  readonly merchantKey: string
  /** Payments of which a till was told that they are paid. */
  readonly paid: ReadonlySet<string>
  /** What no till may ever see: an answer that is wrong, or none at all for too long. */
  readonly faults: readonly string[]
  /** How often a till had to ask again. */
  readonly askedAgain: () => number
  /** Milliseconds from asking for a payment to having read it as paid. */
  readonly took: readonly number[]
}

const tills = 8
const pauseMs = 150
const askAgainMs = 100
const answerMsMax = 120_000
export const amount = '10000'

/** Sells until the signal aborts; what is under way then is finished. */
export async function openTills(
  url: string,
  signal: AbortSignal,
): Promise<{ sold: Sold; over: Promise<unknown> }> {
  const { get, post } = callerOf(url)
  const shop = await openShopAt({ get, post }, operatorKey)
  const connector = { kind: 'vietqr-bank', name: 'Bank' }
  const bank = (await post('/v1/connectors', operatorKey, connector)).body as { id: string; secret: string }
  const paid = new Set<string>()
  const faults: string[] = []
  const took: number[] = []
  let askedAgain = 0

  /** Asks until there is an answer that is not "come back later". */
  async function insist<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
    for (const begun = performance.now(); ; askedAgain++) {
      const answer = await ask().catch((error: Error) => error)
      if (!(answer instanceof Error) && answer.status < 500) return answer
      if (performance.now() - begun > answerMsMax)
        throw new Error(answer instanceof Error ? answer.message : `${answer.status}`)
      await wait(askAgainMs)
    }
  }

  async function notify(name: string, notification: object) {
    const body = JSON.stringify(notification)
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders(bank.secret, body, new Date(), name),
    }
    const path = `${url}/v1/connectors/${bank.id}/notifications`
    const answer = await fetch(path, { method: 'POST', body, headers })
    return { status: answer.status, text: await answer.text() }
  }

  async function sell(name: string): Promise<void> {
    const begun = performance.now()
    const sale = { siteId: shop.siteId, method: 'qr', amount, currency: 'VND' }
    const asked = await insist(() => post('/v1/payments', shop.key, sale, { 'idempotency-key': name }))
    if (asked.status !== 201) return void faults.push(`${name} asked: ${asked.status} ${asked.text}`)
    const notification = notificationFor(asked.body, name, new Date())
    const told = await insist(() => notify(name, notification))
    if (told.status !== 200 || !told.text.includes('"outcome":"applied"'))
      return void faults.push(`${name} notified: ${told.status} ${told.text}`)
    const read = await insist(() => get(`/v1/payments/${asked.body.id}`, shop.key))
    if (read.body.status !== 'paid') return void faults.push(`${name} read: ${read.status} ${read.text}`)
    paid.add(asked.body.id)
    took.push(performance.now() - begun)
  }

  const till = async (number: number): Promise<void> => {
    for (let index = 0; !signal.aborted; index++) {
      const name = `till-${number}/${index}`
      await sell(name).catch((error: Error) => void faults.push(`${name}: ${error.message}`))
      await wait(pauseMs)
    }
  }
  const over = Promise.all(Array.from({ length: tills }, (_, number) => till(number)))
  return { sold: { merchantKey: shop.key, paid, faults, askedAgain: () => askedAgain, took }, over }
}
