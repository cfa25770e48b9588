// The sandbox acquirer's book: what it holds, took and gave back for each payment, and which messages it has had before.
import { add, type Money, subtract, zero } from '../core/money.ts'
import { recent } from '../core/recent.ts'
import type { IssuerAnswer } from './sandboxIssuer.ts'

/** What the acquirer has of one payment (DE37). */
export type BookEntry = {
  /** The message that opened it: what reverses that takes back its increments, too. */
  readonly opening: string
  readonly held: Money
  readonly captured: Money
  readonly refunded: Money
  readonly reversed: boolean
}

export type SandboxLedger = {
  /** The answer to a request; a repeat gets the first one's, and what was reversed before it came is declined. */
  readonly request: (message: Asked, decide: () => IssuerAnswer) => IssuerAnswer
  readonly complete: (message: Told) => void
  readonly reverse: (message: Told & { readonly original: string }) => void
  readonly refund: (message: Told) => void
  readonly entry: (reference: string) => BookEntry | undefined
  readonly entries: () => IterableIterator<[string, BookEntry]>
}

/** `key` names the message: the same again is a repeat. */
type Told = { readonly key: string; readonly reference: string; readonly amount: Money }
type Asked = Told & { readonly sale: boolean }

/** Invalid transaction: it was reversed before it came. */
const reversedBefore: IssuerAnswer = { kind: 'declined', responseCode: '12' }

/** Remembers the last `payments` of them; what is older is forgotten, and its repeats would be new. */
export function sandboxLedger(payments = 100_000): SandboxLedger {
  const book = recent<string, BookEntry>(payments)
  const answers = recent<string, IssuerAnswer>(payments)
  const seen = recent<string, true>(payments)
  const reversedAttempts = recent<string, true>(payments)

  function change({ key, reference, amount }: Told, to: (entry: BookEntry) => Partial<BookEntry>): void {
    const none = zero(amount.currency)
    const nothing = { opening: key, held: none, captured: none, refunded: none, reversed: false }
    const before = book.get(reference) ?? nothing
    book.set(reference, { ...before, ...to(before) })
  }

  /** Does it the first time. */
  function once(key: string, act: () => void): void {
    if (seen.has(key)) return
    seen.set(key, true)
    act()
  }

  function request(message: Asked, decide: () => IssuerAnswer): IssuerAnswer {
    const { key, sale } = message
    const earlier = answers.get(key)
    if (earlier) return earlier
    const answer = reversedAttempts.has(key) ? reversedBefore : decide()
    answers.set(key, answer)
    if (answer.kind === 'approved' || answer.kind === 'late')
      change(message, ({ held, captured }) =>
        sale ? { captured: add(captured, answer.amount) } : { held: add(held, answer.amount) },
      )
    return answer
  }

  function reverse(message: Told & { readonly original: string }): void {
    const { original } = message
    reversedAttempts.set(original, true)
    const answer = answers.get(original)
    const approved = answer?.kind === 'approved' || answer?.kind === 'late' ? answer.amount : undefined
    once(`reversed ${original}${approved ? '' : ' unseen'}`, () => {
      if (!approved) return
      change(message, ({ opening, held, captured }) => {
        const less = (from: Money) =>
          opening === original || from.minor < approved.minor ? zero(from.currency) : subtract(from, approved)
        return held.minor > 0n
          ? { held: less(held), reversed: true }
          : { captured: less(captured), reversed: true }
      })
    })
  }

  return {
    request,
    complete: (message) =>
      once(message.key, () =>
        change(message, ({ held, captured }) => ({
          held: zero(held.currency),
          captured: add(captured, message.amount),
        })),
      ),
    reverse,
    refund: (message) =>
      once(message.key, () =>
        change(message, ({ refunded }) => ({ refunded: add(refunded, message.amount) })),
      ),
    entry: book.get,
    entries: book.entries,
  }
}
