// Which batch of a terminal is its current one, and where the one before it ends.
import type { Gateway } from '../gateway.ts'
import { batchIdOf, type OpenedBatch } from './batch.ts'

type Ports = {
  readonly gateway: Pick<Gateway, 'batches'>
  /** The highest number of a terminal's batches that is known; it may have risen since. */
  readonly knownNumber: (terminalId: string) => Promise<string | undefined>
}

export type NumberedBatch = { readonly number: string; readonly batch: OpenedBatch }

/** The newest batches of a terminal, at most two, the newest first. */
export async function newestBatches(terminalId: string, ports: Ports): Promise<readonly NumberedBatch[]> {
  const load = async (value: number): Promise<NumberedBatch | undefined> => {
    const number = batchNumber(value)
    const { state } = await ports.gateway.batches.load(batchIdOf(terminalId, number))
    return state.status === 'new' ? undefined : { number, batch: state }
  }
  const known = Number((await ports.knownNumber(terminalId)) ?? 0)
  let newest = known > 0 ? await load(known) : undefined
  for (let next = await load(known + 1); next; next = await load(Number(next.number) + 1)) newest = next
  if (!newest) return []
  const before = await load(Number(newest.number) - 1)
  return before ? [newest, before] : [newest]
}

/** Six digits; the first of a terminal is 000001. */
export const batchNumber = (value: number): string => String(value).padStart(6, '0')
