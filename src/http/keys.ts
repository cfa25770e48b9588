// Making an API key: its text is returned once, its hash recorded.
import { base32 } from '../domain/core/base32.ts'
import type { Chance } from '../domain/core/chance.ts'
import { newKeyId } from '../domain/core/ids.ts'
import type { Role } from '../domain/merchants/apiKey.ts'
import { keyText } from './auth.ts'
import type { Services } from './services.ts'

type Holder = {
  readonly role: Role
  /** Five characters of the owner that the key id begins with, so that a key names its merchant. */
  readonly code: string
  readonly merchantId?: string
  readonly terminalId?: string
}

type NewKey = { readonly keyId: string; readonly text: string; readonly record: () => Promise<void> }

/** A key's text, and the hash that is kept of it. */
export function keyFor(keyId: string, chance: Chance, crypto: Services['crypto']) {
  const text = keyText(keyId, base32(chance('secret', 20), 32))
  return { text, secretHash: crypto.hash(text) }
}

/** A key drawn for a holder; `record` makes it valid. Drawn from the same intention it is the same key, and recorded once. */
export function newKey(
  { role, code, ...owner }: Holder,
  chance: Chance,
  services: Services,
  keyId = newKeyId(code, chance),
): NewKey {
  const { gateway, crypto, now } = services
  const { text, secretHash } = keyFor(keyId, chance, crypto)
  const issue = {
    type: 'IssueKey',
    data: { role, ...owner, secretHash, issuedAt: now().toISOString() },
  } as const
  const record = async (): Promise<void> => {
    const outcome = await gateway.keys.handle(keyId, issue, {}, { expectNew: true })
    if (!outcome.ok && outcome.rejection !== 'key_exists') throw new Error(`key: ${outcome.rejection}`)
  }
  return { keyId, text, record }
}
