// A problem: thrown by a handler to be the answer, as application/problem+json (RFC 9457). Its codes: problems/table.ts.
import type { MoneyFault } from '../domain/core/money.ts'
import { maskCardData } from '../domain/pos/cardDataGuard.ts'
import { type ProblemCode, problems } from './problems/table.ts'

export { type ProblemCode, problems } from './problems/table.ts'

/** One thing wrong with the input: where (JSON pointer into the body, or a parameter's name), and what. */
export type InputError = {
  readonly pointer: string
  readonly detail: string
  readonly code?: MoneyFault | string
}

/** Thrown by the HTTP layer only, to leave a handler with a problem as the answer. */
export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly extra: ProblemExtra
  constructor(code: ProblemCode, extra: ProblemExtra = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}
type ProblemExtra = {
  readonly detail?: string
  readonly errors?: readonly InputError[]
  /** The resource's version, where another was expected. */
  readonly version?: number
  readonly headers?: Readonly<Record<string, string>>
}

export const invalid = (...errors: InputError[]): Problem => new Problem('validation_failed', { errors })

/** Names of fields are the caller's, and may be anything, also a card number. */
const withoutCardData = (error: InputError): InputError => ({
  ...error,
  pointer: maskCardData(error.pointer),
})

/** The problem as a response. `type` leads to the page that explains the code. */
export function problemResponse(
  code: ProblemCode,
  { detail, errors, version, headers }: ProblemExtra = {},
): Response {
  const { status, title, detail: usual } = problems[code]
  const body = {
    type: `/problems#${code}`,
    title,
    status,
    detail: detail ?? usual,
    code,
    ...(errors && { errors: errors.map(withoutCardData) }),
    ...(version !== undefined && { version }),
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}
