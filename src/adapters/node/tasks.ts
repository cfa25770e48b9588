// What the gateway does by the clock and not because of an event: expire, try again, seal, settle, send, debit, escheat, miss terminals, resolve complaints.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resolveOverdueComplaints } from '../../domain/complaints/resolveComplaints.ts'
import type { DebitConnector } from '../../domain/mandates/debitConnector.ts'
import { type RegistrationPorts, registerMandates } from '../../domain/mandates/registerMandates.ts'
import { type DebitPorts, runDebits } from '../../domain/mandates/runDebits.ts'
import { escheatCredits } from '../../domain/payments/escheatCredits.ts'
import { expirePayments } from '../../domain/payments/expirePayments.ts'
import { sendTransfers } from '../../domain/payments/sendTransfers.ts'
import type { TransferConnector } from '../../domain/payments/transferConnector.ts'
import type { CardNetwork } from '../../domain/pos/cardNetwork.ts'
import { loseTerminals } from '../../domain/pos/loseTerminals.ts'
import { networkTeller } from '../../domain/pos/tellNetwork.ts'
import { daySealer } from '../../domain/proof/sealDays.ts'
import { settlementRun } from '../../domain/settlement/settlementRun.ts'
import { payerAccountIn } from '../../http/payer.ts'
import type { Services } from '../../http/services.ts'
import type { NodePresence } from './sharedPresence.ts'
import { signer } from './signer.ts'

const expireEveryMs = 1_000
const retryEveryMs = 1_000
const sealEveryMs = 60_000
const settleEveryMs = 15_000
const sendEveryMs = 200
const tellEveryMs = 200
const debitEveryMs = 1_000
const escheatEveryMs = 60_000
const resolveEveryMs = 60_000
const flushEveryMs = 5_000
const loseEveryMs = 60_000

type Work = () => Promise<unknown>
type Own = {
  /** Tries again what a process had set aside. */
  readonly retry: Work
  /** The way out for money, where there is one. */
  readonly connector: TransferConnector | undefined
  /** The way to payers' accounts, where there is one. */
  readonly debits: DebitConnector | undefined
  /** The way to the card network, where there is one. */
  readonly cardNetwork: CardNetwork | undefined
  readonly presence: NodePresence
}

/** The returned function stops them all and waits for the work under way. */
export function startTasks(
  services: Services,
  { retry, connector, debits, cardNetwork, presence }: Own,
  signal: AbortSignal,
): () => Promise<void> {
  const { gateway, readModels, settings, now, log } = services
  const { payments, credits, complaints } = gateway
  const { duePayments, dueTransfers, dueCardPayments, unappliedBefore, dueComplaints } = readModels
  const sealDays = sealing(services)
  const senderIn = senders(services)
  const termDays = settings.escheatAfterDays
  const stops = [
    every(expireEveryMs, log, () => expirePayments({ payments, now, duePayments })),
    every(retryEveryMs, log, retry),
    every(sealEveryMs, log, () => sealDays(signal)),
    every(settleEveryMs, log, () => settlementRun(settling(services), signal)),
    every(flushEveryMs, log, async () => presence.flush()),
    every(loseEveryMs, log, losing(services, presence)),
    every(resolveEveryMs, log, () => resolveOverdueComplaints({ complaints, now, dueComplaints })),
  ]
  if (connector) {
    const send = () => sendTransfers({ payments, credits, now, connector, senderIn, dueTransfers })
    stops.push(every(sendEveryMs, log, send))
  }
  if (debits) {
    const ports = debiting(services, debits)
    stops.push(
      every(debitEveryMs, log, () => registerMandates(ports)),
      every(debitEveryMs, log, () => runDebits(ports)),
    )
  }
  if (cardNetwork) {
    const teller = networkTeller({
      payments,
      network: cardNetwork,
      now,
      dueCardPayments,
      failed: telling(log),
    })
    const stopTelling = every(tellEveryMs, log, teller.tellDue)
    stops.push(() => stopTelling().then(teller.idle))
  }
  if (termDays)
    stops.push(every(escheatEveryMs, log, () => escheatCredits({ credits, now, termDays, unappliedBefore })))
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}

const sealing = ({ readAll, gateway, crypto, settings, now }: Services) =>
  daySealer({
    readAll,
    seals: gateway.seals,
    digest: crypto.hash,
    signer: signer(settings.masterKey),
    now,
    nextTurn,
  })

const settling = ({ closing, readModels: { unpaidSettlements } }: Services) => ({
  ...closing,
  unpaidSettlements,
})

/** What the clock needs to register mandates and to carry out their debits. */
export const debiting = (
  { gateway, readModels, fees, crypto, now }: Services,
  connector: DebitConnector,
): DebitPorts & RegistrationPorts => ({
  ...gateway,
  fees,
  digest: crypto.digest,
  now,
  connector,
  dueMandates: readModels.dueMandates,
  dueDebits: readModels.dueDebits,
})

const losing =
  ({ gateway, readModels, now }: Services, presence: NodePresence) =>
  () =>
    loseTerminals({
      terminals: gateway.terminals,
      now,
      presentTerminals: readModels.presentTerminals,
      lastSeenAt: (terminalId) => presence.last(terminalId)?.at,
      listeningSince: presence.listeningSince,
    })

const senders =
  ({ vault }: Pick<Services, 'vault'>) =>
  (sealed: string) => {
    const notification = vault.open(sealed)
    return notification === undefined ? undefined : payerAccountIn(notification)
  }

const telling = (log: Services['log']) => (error: unknown) =>
  log.error({ err: error }, 'the card network could not be told; it will be tried again')

/** Does the work, waits, and again, one at a time; the returned function stops it and waits for the work under way. */
function every(ms: number, log: Services['log'], work: Work): () => Promise<void> {
  let timer: NodeJS.Timeout
  let running = Promise.resolve()
  const round = () => {
    running = work()
      .catch((error) => log.error({ err: error }, 'a periodic task failed; it will be tried again'))
      .then(() => {
        timer = setTimeout(round, ms)
      })
  }
  round()
  return async () => {
    await running
    clearTimeout(timer)
  }
}
