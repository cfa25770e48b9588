// What a thrown error becomes for the caller: its problem, or a 500 that says nothing of the inside.
import { StoreBusy, StoreUnavailable } from '../domain/core/eventStore.ts'
import { MatchingBusy } from '../domain/payments/matchCredit.ts'
import { Problem, type ProblemCode, problemResponse } from './problem.ts'
import type { Services } from './services.ts'

export function failure(error: unknown, where: string, { log }: Services): Response {
  if (error instanceof Problem) return problemResponse(error.code, error.extra)
  const code = codeOf(error)
  log.error({ err: error, where }, code)
  return problemResponse(code, code === 'internal_error' ? {} : { headers: { 'retry-after': '1' } })
}

function codeOf(error: unknown): ProblemCode {
  if (error instanceof StoreBusy || error instanceof MatchingBusy) return 'service_busy'
  return error instanceof StoreUnavailable ? 'store_unavailable' : 'internal_error'
}
