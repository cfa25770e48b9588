// Idempotency-Key: the same request makes the same ids, so the store itself recognizes the second one.
import { base32 } from '../domain/core/base32.ts'
import type { Chance } from '../domain/core/chance.ts'
import type { Caller } from './auth.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

/** Chance for ids and secrets, and, under a key, what the log remembers the request by. */
export type Intention = {
  readonly chance: Chance
  readonly commandId?: string
  readonly requestHash?: string
}

const keyShape = /^[\x20-\x7e]{1,255}$/

/** The intention behind a request. The key belongs to its owner: two merchants, or two terminals, may use the same text. */
export function intentionOf(
  key: string | undefined,
  caller: Caller | undefined,
  operation: string,
  body: Uint8Array,
  { crypto, settings }: Services,
): Intention {
  if (key === undefined) return { chance: (_purpose, size) => crypto.random(size) }
  if (!keyShape.test(key)) throw new Problem('idempotency_key_invalid')
  const owner = caller?.terminalId ?? caller?.merchantId ?? caller?.role ?? 'anyone'
  const derive = (purpose: string): Uint8Array =>
    crypto.hmac(settings.masterKey, 'idempotency\0', owner, '\0', operation, '\0', purpose, '\0', key)
  return {
    chance: (purpose, size) => derive(purpose).subarray(0, size),
    commandId: base32(derive('command'), 16),
    requestHash: crypto.hash(body).slice(0, 22),
  }
}
