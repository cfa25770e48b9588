// A statement's file, read to its end and checked before anything of it is recorded: its lines are kept aside meanwhile.
import { businessDate } from '../../domain/core/businessDay.ts'
import { statementId, statementLineId } from '../../domain/core/ids.ts'
import { findReferences } from '../../domain/payments/reference.ts'
import type { BankAccount } from '../../domain/payments/transferConnector.ts'
import type { StatementHead, StatementLine } from '../../domain/settlement/bankStatement.ts'
import { lineIdentity, occurrences } from '../../domain/settlement/lineIdentity.ts'
import { Problem } from '../problem.ts'
import type { Services, Spool } from '../services.ts'
import type { CsvHints } from './csv.ts'
import { linePointer } from './reader.ts'
import { readStatement } from './readStatement.ts'

export type KeptLine = StatementLine & { readonly id: string; readonly references: readonly string[] }

export type KeptStatement = AsyncDisposable & {
  readonly head: StatementHead
  readonly lineCount: number
  /** Minor units. */
  readonly credits: bigint
  readonly debits: bigint
  /** Made of all that it says. */
  readonly idFor: (account: BankAccount) => string
  /** Its lines from the start, a block at a time. */
  readonly blocks: (account: BankAccount) => AsyncIterable<readonly KeptLine[]>
}

const linesMax = 500_000
export const blockSize = 250
const utf8 = new TextEncoder()

/** Throws the problem of a file that cannot be taken. */
export async function keepStatement(
  file: AsyncIterable<Uint8Array>,
  charset: string,
  hints: CsvHints,
  { spool, crypto, now }: Pick<Services, 'spool' | 'crypto' | 'now'>,
): Promise<KeptStatement> {
  const today = businessDate(now().toISOString())
  const sums = { credit: 0n, debit: 0n }
  let lineCount = 0
  let head: StatementHead | undefined

  const count = (line: StatementLine) => {
    if (line.bookedOn > today) {
      const detail = `Booked on ${line.bookedOn}, and it is ${today}.`
      throw new Problem('statement_in_future', { errors: [{ pointer: linePointer(line.line), detail }] })
    }
    lineCount += 1
    if (lineCount > linesMax)
      throw new Problem('body_too_large', { detail: `At most ${linesMax} lines in one statement.` })
    sums[line.direction] += BigInt(line.amount.amount)
  }

  /** Of what was understood, line by line: white space and the pieces that a file comes in make no difference. */
  let content = ''
  const textOf = (line: StatementLine): string => {
    count(line)
    const text = JSON.stringify(line)
    content = crypto.hash(`${content} ${text}`)
    return text
  }

  async function* kept(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const blocks = readStatement(pieces, charset, hints)
    for (let next = await blocks.next(); ; next = await blocks.next()) {
      if (next.done) {
        head = next.value
        return
      }
      if (next.value.length > 0) yield utf8.encode(`[${next.value.map(textOf).join()}]`)
    }
  }

  const spooled = await spool(file, kept)
  const { format: _, opening, closing, ...said } = head!
  const facts = JSON.stringify({ ...said, opening: `${opening}`, closing: `${closing}`, content })
  return {
    head: head!,
    lineCount,
    credits: sums.credit,
    debits: sums.debit,
    idFor: ({ bankBin }) => statementId(crypto.digest(`${bankBin}\0${facts}`)),
    blocks: (account) => linesIn(spooled, account, crypto),
    [Symbol.asyncDispose]: () => spooled[Symbol.asyncDispose](),
  }
}

/** Banks carry a payment's reference in the text, and some in a name. */
const referencesIn = ({ text, endToEndId = '', bankReferences }: StatementLine): readonly string[] =>
  findReferences([text, endToEndId, ...bankReferences].join(' '))

async function* linesIn(
  spooled: Spool,
  account: BankAccount,
  { digest, hash }: Services['crypto'],
): AsyncGenerator<readonly KeptLine[]> {
  const decoder = new TextDecoder()
  const occurrence = occurrences()
  let block: KeptLine[] = []
  for await (const piece of spooled.read()) {
    for (const line of JSON.parse(decoder.decode(piece)) as StatementLine[]) {
      const identity = hash(lineIdentity(account, line)) // short: all of them are remembered
      const id = statementLineId(digest(`${identity} ${occurrence(identity)}`))
      block.push({ ...line, id, references: referencesIn(line) })
      if (block.length < blockSize) continue
      yield block
      block = []
    }
  }
  if (block.length > 0) yield block
}
