// Which terminal sends a message, and whether it may: by DE41, DE42 and, where it has a key, the MAC.
import { isId } from '../../../domain/core/ids.ts'
import type { TillRequest } from '../listener/handler.ts'
import { hasRightMac } from '../mac.ts'
import { code } from './codes.ts'
import type { HostPorts, Till } from './ports.ts'

/** The terminal, or the code that refuses it. A terminal that nobody knows learns no more than one that is blocked. */
export async function identify(
  { message, bytes, connection }: TillRequest,
  { terminals, macKeyOf, sandbox }: HostPorts,
): Promise<Till | string> {
  const id = `ter_${message.fields[41] ?? ''}`
  if (!isId('ter', id)) return code.notPermitted
  const { state: terminal } = await terminals.load(id)
  if (terminal.status !== 'active') return code.notPermitted
  if (message.fields[42] !== undefined && message.fields[42] !== terminal.cardAcceptorId)
    return code.invalidMerchant
  const { macGeneration } = terminal
  if (macGeneration === undefined)
    return sandbox || connection.authenticated ? { id, terminal } : code.notPermitted
  const key = macKeyOf(id, macGeneration)
  return hasRightMac(bytes, message, connection.codec, key) ? { id, terminal } : code.securityError
}
