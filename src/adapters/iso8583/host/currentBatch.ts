// A till's batches: the one that is closed next, and what it has closed already.
import { isClosed } from '../../../domain/pos/batch.ts'
import { batchNumber, type NumberedBatch, newestBatches } from '../../../domain/pos/findBatches.ts'
import type { HostPorts } from './ports.ts'

export type CurrentBatch = {
  readonly number: string
  /** The batch, once its close has been asked for. */
  readonly opened: NumberedBatch['batch'] | undefined
  /** Where the one before it ends in the log; '' for the first. */
  readonly after: string
  /** This one and the one before it, those that there are. */
  readonly known: readonly NumberedBatch[]
}

export async function currentBatch(
  terminalId: string,
  { batches, batchNumbers }: Pick<HostPorts, 'batches' | 'batchNumbers'>,
): Promise<CurrentBatch> {
  const knownNumber = async () => (await batchNumbers(terminalId, { limit: 1, cursor: undefined })).rows[0]
  const known = await newestBatches(terminalId, { gateway: { batches }, knownNumber })
  const [newest, before] = known
  if (newest && !isClosed(newest.batch))
    return { number: newest.number, opened: newest.batch, after: before?.batch.upTo ?? '', known }
  const number = batchNumber(Number(newest?.number ?? 0) + 1)
  return { number, opened: undefined, after: newest?.batch.upTo ?? '', known }
}

/** Whether a payment of a terminal was captured in a batch that is closed. */
export async function isSettled(
  terminalId: string,
  paymentId: string,
  ports: Pick<HostPorts, 'batches' | 'batchNumbers' | 'readStream'>,
): Promise<boolean> {
  const { after } = await currentBatch(terminalId, ports)
  const events = await ports.readStream(`payment-${paymentId}`)
  const paid = events.find(({ type }) => type === 'PaymentPaid')
  return paid !== undefined && paid.position <= after
}
