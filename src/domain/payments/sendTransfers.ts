// The process sendTransfers: money that must go back is sent once, and asked about until its outcome is known.
import type { Gateway } from '../gateway.ts'
import { asQrPayment } from './payment.ts'
import { paymentOfRefund } from './reference.ts'
import { transferOf } from './refund.ts'
import { ownerOf, type Transfer, type TransferCommand, type TransferOutcome } from './transfer.ts'
import type { BankAccount, TransferConnector } from './transferConnector.ts'

type Ports = Pick<Gateway, 'payments' | 'credits'> & {
  readonly now: () => Date
  readonly connector: TransferConnector
  /** Opens a sealed notification for this one moment: the payer's account, undefined where it is not there or was erased. */
  readonly senderIn: (sealed: string) => BankAccount | undefined
  /** Ids of transfers to be sent or asked about at or before an instant, longest due first; may name some that are done. */
  readonly dueTransfers: (now: string, limit: number) => Promise<readonly string[]>
}

const batchMax = 100

/**
 * Carries out what is due now, one batch; answers how many transfers it looked at. The list of those due, projected from
 * the log, is its only memory, and each transfer's stream decides: of two gateways one sends.
 */
export async function sendTransfers(ports: Ports): Promise<number> {
  const due = await ports.dueTransfers(ports.now().toISOString(), batchMax)
  const results = await Promise.allSettled(due.map((transferId) => carryOut(ports, transferId)))
  const failed = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (failed) throw failed.reason // the others are done; this one is due again
  return due.length
}

async function carryOut(ports: Ports, transferId: string): Promise<void> {
  const transfer = await find(ports, transferId)
  if (transfer?.status === 'requested') return send(ports, transfer)
  if (transfer?.askAt !== undefined && Date.parse(transfer.askAt) <= ports.now().getTime())
    return ask(ports, transfer)
}

async function find({ payments, credits }: Ports, transferId: string): Promise<Transfer | undefined> {
  const owner = ownerOf(transferId)
  if (isRefund(transferId)) {
    const payment = asQrPayment((await payments.load(paymentOfRefund(owner))).state)
    return payment && transferOf(payment.refunds, transferId)
  }
  const { state } = await credits.load(owner)
  return state.status === 'new' ? undefined : state.returns.get(transferId)
}

async function send(ports: Ports, { transferId, creditId, amount }: Transfer): Promise<void> {
  const to = await senderOf(ports, creditId)
  const at = ports.now().toISOString()
  const command: TransferCommand = to
    ? { type: 'SendTransfer', data: { transferId, at } }
    : { type: 'AbandonTransfer', data: { transferId, at, reason: 'sender_unknown' } }
  const outcome = await handle(ports, transferId, command)
  if (!outcome.ok || !to) return // another gateway sends it, or nobody can
  const answer = await ports.connector.send({ transferId, amount, to }).catch(() => unknown)
  await record(ports, transferId, answer)
}

async function ask(ports: Ports, { transferId, amount }: Transfer): Promise<void> {
  await record(ports, transferId, await ports.connector.ask({ transferId, amount }).catch(() => unknown))
}

const unknown: TransferOutcome = { status: 'unknown' }

async function senderOf({ credits, senderIn }: Ports, creditId: string): Promise<BankAccount | undefined> {
  const { state } = await credits.load(creditId)
  return state.status === 'new' ? undefined : senderIn(state.sealed)
}

/** Where this fails, the transfer stays sent or unknown, and is asked about later. */
async function record(ports: Ports, transferId: string, outcome: TransferOutcome): Promise<void> {
  const data = { transferId, at: ports.now().toISOString(), outcome }
  await handle(ports, transferId, { type: 'RecordOutcome', data })
}

/** No command ids here: the stream itself knows what was sent, and a sender must learn whether it was the first. */
function handle({ payments, credits }: Ports, transferId: string, command: TransferCommand) {
  const owner = ownerOf(transferId)
  const metadata = { actor: 'sendTransfers', correlationId: owner }
  return isRefund(transferId)
    ? payments.handle(paymentOfRefund(owner), command, metadata)
    : credits.handle(owner, command, metadata)
}

const isRefund = (transferId: string): boolean => transferId.startsWith('ref_')
