// Which lines are money that nobody has notified, and taking it.
import { namesPayout } from '../../domain/settlement/payout.ts'
import type { Run } from './run.ts'
import type { KeptLine } from './spoolStatement.ts'
import { creditOfLine, takeLine } from './takeLine.ts'

const atOnce = 64

export type Taking = { readonly line: KeptLine; readonly connectorId: string }

/** The credit that a line becomes; undefined where it is no new money, or where nobody could have told of it. */
export async function newCreditOf(run: Run, line: KeptLine): Promise<string | undefined> {
  const { tellers, services, found } = run
  const { connectorId } = tellers
  if (line.direction !== 'credit' || line.reversal || connectorId === undefined) return undefined
  if (namesPayout(line.text, line.endToEndId)) return undefined // our own, or come back
  const creditId = creditOfLine(connectorId, line, services)
  if (found.has(creditId)) return undefined
  const { version } = await services.gateway.credits.load(creditId)
  if (version > 0) return undefined // the bank uses one name for two lines
  found.add(creditId)
  return creditId
}

/** Taken again, which changes nothing: a crash may have come first, here or in an earlier statement that was never sent again. */
export function takenBefore({ tellers, services }: Run, line: KeptLine, creditId: string): readonly Taking[] {
  const connectorId = tellers.all.find((id) => creditOfLine(id, line, services) === creditId)
  return connectorId === undefined ? [] : [{ line, connectorId }]
}

export async function takeAll({ account, services }: Run, takings: readonly Taking[]): Promise<void> {
  for (let start = 0; start < takings.length; start += atOnce)
    await Promise.all(
      takings
        .slice(start, start + atOnce)
        .map(({ line, connectorId }) => takeLine(connectorId, account, line, services)),
    )
}
