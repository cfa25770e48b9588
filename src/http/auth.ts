// Who is calling: an API key becomes a caller, with a role and what is its own.
import type { Role } from '../domain/merchants/apiKey.ts'
import { isKeyOf } from '../domain/pos/terminal.ts'
import { Problem } from './problem.ts'
import type { Services } from './services.ts'

export type Caller = {
  readonly keyId: string
  readonly role: Role
  /** Set for merchant and terminal keys. */
  readonly merchantId?: string
  readonly terminalId?: string
}

const scheme = /^Bearer ([\x21-\x7e]{1,200})$/i
const keyShape = /^tn_([0-9A-Z]{16})_[0-9A-Z]{32}$/

/** The text of a key as shown once to its owner: `tn_<key id>_<secret>`. */
export const keyText = (keyId: string, secret: string): string => `tn_${keyId.slice('key_'.length)}_${secret}`

/** Names the key of OPERATOR_KEY, which has no stream of its own. */
const operatorKeyId = 'key_operator'

/** The caller of a request, or undefined when there is no valid key. */
export async function authenticate(
  authorization: string | undefined,
  services: Services,
): Promise<Caller | undefined> {
  const token = authorization && scheme.exec(authorization)?.[1]
  if (!token) return undefined
  const { crypto, settings } = services
  const hash = crypto.hash(token)
  const isHash = (secretHash: string) => crypto.equal(hash, secretHash)
  if (settings.operatorKeyHash && isHash(settings.operatorKeyHash))
    return { keyId: operatorKeyId, role: 'operator' }
  const keyId = keyShape.exec(token)?.[1]
  return keyId === undefined ? undefined : callerOfKey(`key_${keyId}`, isHash, services)
}

/** Who calls with a key, as long as it is valid and `isHash` knows the hash of its secret. */
export async function callerOfKey(
  keyId: string,
  isHash: (secretHash: string) => boolean,
  services: Services,
): Promise<Caller | undefined> {
  const { gateway, settings } = services
  if (keyId === operatorKeyId)
    return settings.operatorKeyHash && isHash(settings.operatorKeyHash)
      ? { keyId, role: 'operator' }
      : undefined
  const { state: key } = await gateway.keys.load(keyId)
  if (key.status !== 'active' || !isHash(key.secretHash)) return undefined
  const { role, merchantId, terminalId } = key
  if (terminalId && !(await isTerminalsKey(terminalId, keyId, services))) return undefined
  return {
    keyId,
    role,
    ...(merchantId !== undefined && { merchantId }),
    ...(terminalId !== undefined && { terminalId }),
  }
}

/**
 * Of two activations or rotations at once one wins; the key of the other must not work. A blocked terminal is told so,
 * for its key is right; a revoked one has no key.
 */
async function isTerminalsKey(
  terminalId: string,
  keyId: string,
  { gateway, now }: Pick<Services, 'gateway' | 'now'>,
): Promise<boolean> {
  const { state } = await gateway.terminals.load(terminalId)
  if (state.status === 'new' || state.status === 'revoked' || !isKeyOf(state, keyId, now())) return false
  if (state.status === 'blocked') throw new Problem('terminal_blocked')
  return true
}
