// What became of lines, as it is recorded: block by block, and what belongs together at one stroke.
import type { Currency } from '../../domain/core/money.ts'
import type { Match, OpenLine } from '../../domain/settlement/expectedItem.ts'
import type { LineResult } from '../../domain/settlement/statementLines.ts'
import { accepted } from '../outcome.ts'
import type { Run } from './run.ts'
import { blockSize, type KeptLine } from './spoolStatement.ts'

/** Lines of one match are in the block of the first of them: all of them are recorded, or none. */
export type Placed = { readonly block: number; readonly result: LineResult }

const referenceMax = 100

export const openLine = (line: KeptLine): OpenLine => {
  const { id, direction, amount, bookedOn, bankReferences, endToEndId, references } = line
  const named = endToEndId === undefined ? {} : { endToEndId }
  return { id, direction, amount: BigInt(amount.amount), bookedOn, bankReferences, ...named, references }
}

const blockOf = ({ line }: KeptLine): number => Math.floor((line - 1) / blockSize)

/** The items are found then. */
export function matched(run: Run, matches: readonly Match[], lines: readonly KeptLine[]): Placed[] {
  const byId = new Map(lines.map((line) => [line.id, line]))
  return matches.flatMap((match) => {
    for (const { id } of match.items) run.found.add(id)
    const own = match.lines.map(({ id }) => byId.get(id)!)
    return own.map((line) => ({ block: blockOf(own[0]!), result: resultOf(run, line, match) }))
  })
}

export function unexpected(run: Run, line: KeptLine, creditId: string | undefined): Placed {
  const result = resultOf(run, line, { state: 'unexpected', items: [] })
  return { block: blockOf(line), result: creditId === undefined ? result : { ...result, creditId } }
}

type Found = Pick<LineResult, 'state' | 'rule'> & Pick<Match, 'items'>

/** Of what a person must look at, the words are kept; they are personal data, and sealed. */
function resultOf(run: Run, line: KeptLine, { state, rule, items }: Found): LineResult {
  const [bankReference] = line.bankReferences
  const currency = run.kept.head.currency as Currency
  const expected = items.reduce((sum, { amount }) => sum + amount, 0n)
  return {
    statementId: run.statementId,
    lineId: line.id,
    line: line.line,
    direction: line.direction,
    amount: line.amount,
    bookedOn: line.bookedOn,
    ...(bankReference !== undefined && { bankReference: bankReference.slice(0, referenceMax) }),
    state,
    ...(rule && { rule }),
    items: items.map(({ id, kind }) => ({ id, kind })),
    ...((state === 'differing' || state === 'partly') && {
      expected: { amount: expected.toString(), currency },
    }),
    ...(state !== 'matched' && { sealed: sealedWords(run, line) }),
  }
}

const sealedWords = ({ services, account }: Run, { text, counterparty, bookedOn }: KeptLine): string =>
  services.vault.seal(
    `statements of ${account.bankBin} ${account.accountNumber} ${bookedOn}`,
    JSON.stringify({ text, counterparty }),
  )

export async function record({ statementId, services, metadata, at }: Run, placed: readonly Placed[]) {
  for (const [block, own] of Map.groupBy(placed, ({ block }) => block)) {
    const data = { lines: own.map(({ result }) => result), missing: [], at }
    const command = { type: 'RecordLines', data } as const
    accepted(await services.gateway.statementLines.handle(`${statementId}-${block}`, command, metadata))
  }
}
