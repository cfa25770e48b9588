// What an object does by the clock, when its alarm rings; and when it has to ring again.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resolveOverdueComplaints } from '../../domain/complaints/resolveComplaints.ts'
import { expirePayments } from '../../domain/payments/expirePayments.ts'
import { sendTransfers } from '../../domain/payments/sendTransfers.ts'
import { daySealer } from '../../domain/proof/sealDays.ts'
import { settlementRun } from '../../domain/settlement/settlementRun.ts'
import { payerAccountIn } from '../../http/payer.ts'
import { signer } from '../node/signer.ts'
import type { ObjectGateway } from './assemble.ts'

/** Each does what is due now, and everything it does may be done twice. One that fails is logged, and the others go on. */
export function tasksOf({ services, connector, retry, deliver }: ObjectGateway): () => Promise<void> {
  const { gateway, readModels, closing, readAll, crypto, settings, vault, now, log } = services
  const { payments, credits, complaints, seals } = gateway
  const { duePayments, dueTransfers, dueComplaints, unpaidSettlements } = readModels
  const never = new AbortController().signal
  const senderIn = (sealed: string) => {
    const notification = vault.open(sealed)
    return notification === undefined ? undefined : payerAccountIn(notification)
  }
  const sealDays = daySealer({
    readAll,
    seals,
    digest: crypto.hash,
    signer: signer(settings.masterKey),
    now,
    nextTurn,
  })
  const works: readonly (() => Promise<unknown>)[] = [
    () => expirePayments({ payments, now, duePayments }),
    retry,
    async () => deliver(),
    async () => connector && sendTransfers({ payments, credits, now, connector, senderIn, dueTransfers }),
    () => resolveOverdueComplaints({ complaints, now, dueComplaints }),
    () => sealDays(never),
    () => settlementRun({ ...closing, unpaidSettlements }, never),
  ]
  return async () => {
    for (const work of works)
      await work().catch((error) => log.error({ err: error }, 'a task failed; it will be tried again'))
  }
}
